using System.Text.Json.Nodes;

namespace Sigmatiq.App.Api.Shapes;

/// <summary>Whether the server answers.</summary>
/// <param name="Status">Always <c>ok</c>.</param>
public sealed record Health(string Status);

/// <summary>The program, its store and what is under way.</summary>
/// <param name="Version">Version of the program.</param>
/// <param name="Commit">The commit it was built from; null where that is not known.</param>
/// <param name="Engine"><c>sqlite</c> or <c>postgres</c>.</param>
/// <param name="StoreSeconds">How long the store took to answer, in seconds.</param>
/// <param name="NowUtc">The server's clock.</param>
/// <param name="Runs">Runs by state.</param>
/// <param name="OutboxWaiting">Messages that have not arrived yet and are not given up.</param>
/// <param name="FiresDecided">Fires of schedules by outcome.</param>
public sealed record SystemShown(
    string Version, string? Commit, string Engine, double StoreSeconds, DateTimeOffset NowUtc, IReadOnlyDictionary<string, long> Runs, long OutboxWaiting, IReadOnlyDictionary<string, long> FiresDecided);

/// <summary>A process that works on the store.</summary>
/// <param name="Id">Its stable name.</param>
/// <param name="State"><c>working</c>, <c>draining</c>, <c>left</c> or <c>dead</c>.</param>
/// <param name="Roles">What it does, separated by commas.</param>
/// <param name="Version">Version of its program.</param>
/// <param name="Build">Content of its program.</param>
/// <param name="Address">Where it answers; null where it does not.</param>
/// <param name="Claims">Runs, works and shards that it holds now.</param>
/// <param name="StartedAt">Since when.</param>
/// <param name="LastSignAt">Its last sign, on the store's clock.</param>
public sealed record NodeListed(
    string Id, string State, string Roles, string Version, string Build, string? Address, long Claims, DateTimeOffset StartedAt, DateTimeOffset LastSignAt);

/// <summary>A message to the world outside.</summary>
/// <param name="Id">Its key.</param>
/// <param name="Channel">Name of the channel; empty before one takes it.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Status"><c>waiting, pending, retrying, delivered, given_up</c> or <c>unwanted</c>.</param>
/// <param name="Attempts">Attempts begun.</param>
/// <param name="EnqueuedAtUtc">When it was written.</param>
/// <param name="NextAttemptAtUtc">When it is tried again.</param>
/// <param name="LastError">Why the last attempt failed.</param>
/// <param name="DeliveredAtUtc">When it arrived.</param>
/// <param name="GivenUpAtUtc">When it was given up.</param>
public sealed record MessageListed(
    string Id, string Channel, string Kind, string? Subject, string Status, int Attempts, DateTimeOffset EnqueuedAtUtc, DateTimeOffset NextAttemptAtUtc, string? LastError,
    DateTimeOffset? DeliveredAtUtc, DateTimeOffset? GivenUpAtUtc);

/// <summary>One link of the record of decisions.</summary>
/// <param name="Seq">1, 2, 3 … without a gap.</param>
/// <param name="AtUtc">When.</param>
/// <param name="Actor">Who: a user, or <c>system:…</c> for the product itself.</param>
/// <param name="Action">What was done, e.g. <c>approval.approve</c>.</param>
/// <param name="Subject">To what, with its kind: <c>run:…</c>, <c>approval:…</c>.</param>
/// <param name="Reason">Why, in the actor's words.</param>
/// <param name="Payload">The exact content it was about.</param>
/// <param name="PrevHash">The hash of the record before; 64 zeros for the first.</param>
/// <param name="Hash">The hash over all of the above.</param>
/// <param name="Signed">Whether it carries a signature by a key outside the store.</param>
public sealed record AuditListed(
    long Seq, string AtUtc, string Actor, string Action, string Subject, string? Reason, JsonNode? Payload, string PrevHash, string Hash, bool Signed);

/// <summary>What a walk over the whole record says.</summary>
/// <param name="Intact">Whether every link, signature and end is as written, and every request for a vote as it recorded.</param>
/// <param name="Records">Records walked.</param>
/// <param name="HeadSeq">Number of the newest.</param>
/// <param name="HeadHash">Its hash: whoever keeps it elsewhere can tell later that nothing before it was changed.</param>
/// <param name="FirstBreak">The first record that is not as it was written; null where all are.</param>
/// <param name="Forged">Requests for votes that are not as the record says.</param>
public sealed record AuditVerified(bool Intact, long Records, long HeadSeq, string HeadHash, ProblemLine? FirstBreak, IReadOnlyList<string> Forged);

/// <summary>How much room the store takes.</summary>
/// <param name="Engine"><c>sqlite</c> or <c>postgres</c>.</param>
/// <param name="RowsBytes">Size of the rows; null where a server keeps them.</param>
/// <param name="Folders">Folders of the data directory with what lies in them.</param>
/// <param name="FreeBytes">Room left on the disk of the data directory.</param>
/// <param name="MeasuredAtUtc">When it was measured: at most once a minute.</param>
public sealed record StoreShown(string Engine, long? RowsBytes, IReadOnlyList<FolderSize> Folders, long FreeBytes, DateTimeOffset MeasuredAtUtc);

/// <summary>A folder of the data directory.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Files">How many files lie in it and below.</param>
/// <param name="Bytes">Their size.</param>
public sealed record FolderSize(string Name, long Files, long Bytes);

/// <summary>Why a node is drained.</summary>
/// <param name="Reason">Why; it is kept.</param>
public sealed record NodeDecision(string Reason);

/// <summary>Nodes that were asked to leave their work to others.</summary>
/// <param name="Nodes">Their names.</param>
public sealed record NodesDrained(IReadOnlyList<string> Nodes);

/// <summary>Which messages are sent again.</summary>
/// <param name="Reason">Why; it is kept.</param>
/// <param name="Id">Key of one message; without it all that were given up.</param>
public sealed record MessageRetry(string Reason, string? Id = null);

/// <summary>Messages that are on their way again.</summary>
/// <param name="Opened">How many deliveries.</param>
public sealed record MessagesRetried(int Opened);

/// <summary>A backup to be made.</summary>
/// <param name="Reason">Why; it is kept.</param>
/// <param name="WithBars">Whether the bars go with it; true where left out.</param>
/// <param name="AcceptDamage">Whether to go on where files that the rows name are missing or changed, and list them; false where left out.</param>
public sealed record BackupAsked(string Reason, bool? WithBars = null, bool? AcceptDamage = null);

/// <summary>The backups that were made at a server.</summary>
/// <param name="CanMake">Whether this server has a folder for them.</param>
/// <param name="WhyNot">What to do where it has none.</param>
/// <param name="Backups">The backups, newest first.</param>
public sealed record BackupsShown(bool CanMake, string? WhyNot, IReadOnlyList<BackupListed> Backups);

/// <summary>A backup.</summary>
/// <param name="Name">Its file in the folder.</param>
/// <param name="State"><c>making</c>, <c>ready</c>, <c>failed</c>, or <c>gone</c> where it no longer lies there.</param>
/// <param name="AtUtc">When it was begun, or made.</param>
/// <param name="By">Who asked.</param>
/// <param name="Reason">Why.</param>
/// <param name="Id">Hash of what it holds; null before it is made.</param>
/// <param name="Rows">Rows in it.</param>
/// <param name="Files">Files in it.</param>
/// <param name="PackedBytes">Its size.</param>
/// <param name="WithBars">Whether the bars are in it.</param>
/// <param name="Missing">Files that rows name and that were gone or changed.</param>
/// <param name="Problem">Why it was not made.</param>
public sealed record BackupListed(
    string Name, string State, DateTimeOffset AtUtc, string By, string Reason, string? Id, long? Rows, long? Files, long? PackedBytes, bool WithBars, IReadOnlyList<string> Missing, ProblemLine? Problem);
