using System.Text.Json;
using Sigmatiq.Trading.Approvals;

namespace Sigmatiq.Tests.Trading.Approvals;

/// <summary>Every state that the approval machine can reach in a bounded number of events, held against votes counted by the test itself.</summary>
public sealed class ApprovalSearchTests
{
    private const int EventsMax = 7;
    private static readonly DateTimeOffset Now = new(2025, 3, 3, 15, 0, 0, TimeSpan.Zero);

    private static readonly Voter
        Asker = new("rita", "Rita", "approver"), Author = new("aldo", "Aldo", "admin"), Ana = new("ana", "Ana Ruiz", "approver"),
        AnaAgain = new("ana2", "ANA  RUIZ", "approver"), Ben = new("ben", "Ben", "admin"), Eva = new("eva", "Eva", "operator"), Operator = new("olga", "Olga", "operator");

    /// <summary>A state with what the test itself knows of how it came about.</summary>
    /// <param name="Approval">The machine's state.</param>
    /// <param name="IsAnaRevoked">Whether Ana has lost her role.</param>
    /// <param name="IsLate">Whether the expiry has passed.</param>
    /// <param name="HandedToEva">Whether Ana's vote lies with Eva.</param>
    /// <param name="Heads">Real persons whose approval was accepted, in order of the alphabet.</param>
    private sealed record World(Approval Approval, bool IsAnaRevoked, bool IsLate, bool HandedToEva, string Heads)
    {
        public string Key => $"{JsonSerializer.Serialize(Approval, ApprovalJson.Options)}|{IsAnaRevoked}|{IsLate}|{HandedToEva}|{Heads}";
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void No_path_leads_from_asking_to_live_without_the_votes_that_strict_four_eyes_ask_for(int quorum)
    {
        ApprovalSubject subject = Some.Subject(Now) with { Target = "live" };
        Approval asked = Some.Approval(Now) with
        {
            Subject = subject, Digest = subject.Digest().Hex, FourEyes = FourEyes.Strict, Quorum = quorum, RequestedBy = Asker.Id, Parties = [new("author", Author.Name)],
        };
        Dictionary<string, int> seen = [];
        Queue<(World World, int Depth)> open = new([(new(asked, false, false, false, ""), 0)]);
        int live = 0, approved = 0, leastVotesToLive = int.MaxValue;
        while (open.TryDequeue(out var at))
        {
            if (!seen.TryAdd(at.World.Key, at.Depth))
            {
                continue;
            }

            Approval state = at.World.Approval;
            if (state.Status is ApprovalStatus.Approved or ApprovalStatus.Live)
            {
                approved++;
                at.World.Heads.Length.Should().BeGreaterThanOrEqualTo(quorum, at.World.Key);
                at.World.Heads.Should().NotContainAny("r", "d");
                state.SelfApproved.Should().BeFalse();
            }

            if (state.Status == ApprovalStatus.Live)
            {
                live++;
                leastVotesToLive = Math.Min(leastVotesToLive, at.World.Heads.Length);
            }

            if (at.Depth < EventsMax)
            {
                foreach (World next in Next(at.World))
                {
                    open.Enqueue((next, at.Depth + 1));
                }
            }
        }

        seen.Count.Should().BeGreaterThan(100, "the search went somewhere");
        (approved, live).Should().Match<(int Approved, int Live)>(c => c.Approved > 0 && c.Live > 0, "the ends are reachable at all");
        leastVotesToLive.Should().Be(quorum);
    }

    private static IEnumerable<World> Next(World world)
    {
        DateTimeOffset now = world.IsLate ? Now.AddDays(8) : Now;
        Voter ana = world.IsAnaRevoked ? Ana with { Role = "viewer" } : Ana;
        EvidenceNow sound = EvidenceNow.Of(world.Approval.Digest), changed = EvidenceNow.Differs("evidence.json has changed");
        foreach ((Voter voter, char head) in ((Voter, char)[])[(Asker, 'r'), (Author, 'd'), (ana, 'a'), (AnaAgain, 'a'), (Ben, 'b'), (Eva, 'a'), (Operator, 'o')])
        {
            // A vote of Eva's can only be Ana's; nothing else would be a vote at all.
            bool mayCount = voter.Role is "approver" or "admin" || (voter == Eva && world.HandedToEva && !world.IsAnaRevoked);
            ApprovalDecision cast = ApprovalRules.Cast(world.Approval, new(VoteChoice.Approve, voter, "sound", world.Approval.Digest) { Delegators = [ana, Asker] }, sound, now);
            if (cast.Accepted)
            {
                mayCount.Should().BeTrue($"{voter} voted in {world.Key}");
                world.Heads.Should().NotContain($"{head}", "one person has one vote");
                yield return world with { Approval = cast.Approval, Heads = string.Concat((world.Heads + head).Order()) };
            }

            ApprovalRules.Cast(world.Approval, new(VoteChoice.Approve, voter, "sound", new string('0', 64)), sound, now).Accepted.Should().BeFalse("another digest");
            ApprovalRules.Cast(world.Approval, new(VoteChoice.Approve, voter, "sound", world.Approval.Digest), changed, now).Accepted.Should().BeFalse("changed evidence");
            ApprovalDecision rejected = ApprovalRules.Cast(world.Approval, new(VoteChoice.Reject, voter, "unsound", world.Approval.Digest), sound, now);
            if (rejected.Accepted)
            {
                yield return world with { Approval = rejected.Approval };
            }
        }

        foreach ((Voter from, Voter to) in ((Voter, Voter)[])[(ana, Eva), (Asker, Eva), (ana, Asker), (ana, AnaAgain), (Eva, Operator), (Ben, ana)])
        {
            ApprovalDecision handed = ApprovalRules.Delegate(world.Approval, from, to, "on leave", now);
            if (handed.Accepted)
            {
                from.Should().Match<Voter>(v => v.Id == "ana" || v.Id == "ben");
                to.Id.Should().NotBe("rita");
                yield return world with { Approval = handed.Approval, HandedToEva = world.HandedToEva || to == Eva };
            }
        }

        yield return world with { IsAnaRevoked = !world.IsAnaRevoked };
        if (!world.IsLate)
        {
            yield return world with { IsLate = true };
        }

        yield return world with { Approval = ApprovalRules.Expire(world.Approval, now) };
        foreach (ApprovalDecision decision in (ApprovalDecision[])[
            ApprovalRules.Reset(world.Approval, Operator, "new data", now), ApprovalRules.Promote(world.Approval, Operator, new(true, true), now)])
        {
            if (decision.Accepted)
            {
                yield return world with { Approval = decision.Approval };
            }
        }

        foreach (ApprovalDecision refused in (ApprovalDecision[])[
            ApprovalRules.Promote(world.Approval, Operator, new(false, true), now), ApprovalRules.Promote(world.Approval, Operator, new(true, false), now),
            ApprovalRules.Promote(world.Approval, ana, new(true, true), now)])
        {
            refused.Problem!.Code.Should().Be("APR-1016");
        }
    }
}
