using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Outbox;
using Sigmatiq.Store.Rows;
using Sigmatiq.Trading.Outside;
using Sigmatiq.Workflows.Engine;

namespace Sigmatiq.Tests.Workflows.Steps;

public sealed class NotifyStepTests
{
    [Fact]
    public async Task A_message_is_safe_when_the_step_succeeds_and_arrives_once_with_its_attachments()
    {
        await using ReachingRoom room = await ReachingRoom.OpenAsync();
        string report = Path.Combine(room.Room.Data.Root, "report.txt");
        await File.WriteAllTextAsync(report, "12 trades", RunRoom.Ct);
        RunId run = await room.StartAsync(
            $"tell: {{ uses: notify, with: {{ channel: ops, title: Done, message: 'all is well', attachments: [ {{ file: report.txt, sha256: {ContentHash.OfFile(report).Hex} }} ] }} }}");
        RunState ended = await room.DriveAsync(run);
        ended.Status.Should().Be(RunStatus.Completed);
        room.Receiver.Requests.Should().BeEmpty();
        (await room.Notifier.DeliverDueAsync(RunRoom.Ct)).Should().Be(1);
        room.Received.Should().ContainSingle().Which.ToJsonString().Should().Contain("all is well").And.Contain("\"bytes\":9").And.Contain($"\"key\":\"{run}/tell/0\"");
    }

    [Fact]
    public async Task A_step_that_waits_for_delivery_is_woken_by_it()
    {
        ManualClock clock = new();
        await using ReachingRoom room = await ReachingRoom.OpenAsync(clock);
        room.Answer(503);
        RunId run = await room.StartAsync("tell: { uses: notify, with: { channel: ops, message: hello, wait_for: delivered } }");
        (await room.DriveAsync(run)).Status.Should().Be(RunStatus.Waiting);
        (await room.Notifier.DeliverDueAsync(RunRoom.Ct)).Should().Be(0);
        (await room.DriveAsync(run)).Status.Should().Be(RunStatus.Waiting);
        room.Answer(200);
        clock.Advance(TimeSpan.FromMinutes(1));
        (await room.Notifier.DeliverDueAsync(RunRoom.Ct)).Should().Be(1);
        RunState ended = await room.DriveAsync(run);
        ended.Status.Should().Be(RunStatus.Completed);
        ended.Step("tell").Instances[0].Output!["status"]!.GetValue<string>().Should().Be("delivered");
        room.Receiver.Requests.Select(r => r.Headers["X-Sigmatiq-Key"]).Distinct().Should().ContainSingle();
    }

    [Fact]
    public async Task A_message_that_was_given_up_fails_the_step_that_waits_for_it_and_both_can_be_tried_again()
    {
        ManualClock clock = new();
        await using ReachingRoom room = await ReachingRoom.OpenAsync(clock);
        room.Answer(500);
        RunId run = await room.StartAsync("tell: { uses: notify, with: { channel: ops, message: hello, wait_for: delivered } }");
        await room.DriveAsync(run);
        for (int i = 0; i < 2; i++)
        {
            await room.Notifier.DeliverDueAsync(RunRoom.Ct);
            clock.Advance(TimeSpan.FromMinutes(1));
        }

        RunState failed = await room.DriveAsync(run);
        (failed.Status, failed.Step("tell").Instances[0].Problem!.Code).Should().Be((RunStatus.Failed, OutsideCodes.GivenUp));
        room.Answer(200);
        await room.Deliveries.RetryAsync(null, RunRoom.Ct);
        await room.Engine.Requests.RetryAsync(run, null, "operator", "mended", null, RunRoom.Ct);
        (await room.DriveAsync(run)).Status.Should().Be(RunStatus.Waiting);
        await room.Notifier.DeliverDueAsync(RunRoom.Ct);
        (await room.DriveAsync(run)).Status.Should().Be(RunStatus.Completed);
    }

    [Theory]
    [InlineData("channel: nowhere, message: x", OutsideCodes.UnknownChannel)]
    [InlineData("channel: ops, message: x, attachments: [ { file: none.txt, sha256: aa } ]", OutsideCodes.BadAttachment)]
    [InlineData("channel: ops, message: x, attachments: [ { file: ../hook, sha256: aa } ]", OutsideCodes.BadAttachment)]
    [InlineData("channel: ops, message: x, attachments: [ { file: /etc/hostname, sha256: aa } ]", OutsideCodes.BadAttachment)]
    [InlineData("channel: ops, message: x, attachments: [ { file: hook, sha256: aa } ]", OutsideCodes.BadAttachment)]
    public async Task A_message_that_cannot_be_sent_is_refused_and_none_is_written(string with, string code)
    {
        await using ReachingRoom room = await ReachingRoom.OpenAsync();
        RunState failed = await room.DriveAsync(await room.StartAsync($"tell: {{ uses: notify, with: {{ {with} }} }}"));
        (failed.Status, failed.Step("tell").Instances[0].Problem!.Code).Should().Be((RunStatus.Failed, code));
        (await room.Room.Rows.FirstAsync<int>("select count(*) from outbox", null, RunRoom.Ct)).Should().Be(0);
    }

    [Fact]
    public async Task A_word_that_wait_for_does_not_have_is_refused_on_loading_and_by_the_step()
    {
        await using ReachingRoom room = await ReachingRoom.OpenAsync();
        (await room.Awaiting(r => r.StartAsync("tell: { uses: notify, with: { channel: ops, message: x, wait_for: deliverd } }")).Should().ThrowAsync<ProblemException>())
            .Which.Problem.Should().Match<Problem>(p => p.Code == "WFL-1011" && p.Where == "telling.yaml:5:69");
        (await KindRoom.RefusalAsync(room.Kinds, "steps: { tell: { uses: notify, with: { channel: ops, message: x, wait_for: deliverd } } }", "tell")).Code.Should().Be("WFL-1011");
    }

    [Fact]
    public async Task Two_hundred_attempts_at_one_step_are_one_message()
    {
        await using ReachingRoom room = await ReachingRoom.OpenAsync();
        RunId run = await room.StartAsync("tell: { uses: notify, with: { channel: ops, message: hello } }");
        room.Kinds.TryGet("notify", out var entry).Should().BeTrue();
        await Parallel.ForAsync(1, 201, RunRoom.Ct, async (attempt, ct) => await entry!.Kind.RunAsync(
            new() { Run = run, Step = "tell", Index = 0, Attempt = attempt, Seed = 1, RequestedBy = "operator", AsOfUtc = DateTimeOffset.UnixEpoch },
            new() { ["channel"] = "ops", ["message"] = "hello" }, ct));
        (await room.Notifier.DeliverDueAsync(RunRoom.Ct)).Should().Be(1);
        room.Receiver.Requests.Should().ContainSingle();
        (await room.Deliveries.ListAsync(all: true, 10, RunRoom.Ct)).Should().ContainSingle().Which.Should().Match<DeliveryView>(d => d.Status == "delivered");
    }
}
