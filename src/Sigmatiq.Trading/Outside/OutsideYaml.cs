using System.Globalization;
using System.Net;
using System.Net.Mail;
using Sigmatiq.Packs.Yaml;

namespace Sigmatiq.Trading.Outside;

/// <summary>Reads <c>outside.yaml</c>; settings in hand can be used, but for the secrets, which are read when they are needed.</summary>
public static class OutsideYaml
{
    private const int TimeoutSecondsMax = 60;
    private static readonly string[] AllMethods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

    /// <summary>Reads the text of a file.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="file">Its path: relative ones in it begin in its folder.</param>
    public static ParseResult<OutsideSettings> Parse(string text, string file)
    {
        ParseResult<YamlNode> tree = YamlText.Parse(text, file, OutsideCodes.BadSettings);
        if (!tree.IsOk)
        {
            return ParseResult<OutsideSettings>.Refused(tree.Problems);
        }

        YamlProblems problems = new(OutsideCodes.BadSettings);
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        YamlMapReader root = tree.Value is YamlScalar { Text: "" } ? new(new YamlMap(tree.Value.Place, []), problems, "") : new(tree.Value, problems, "");
        Dictionary<string, SecretSource> secrets = Secrets(root, folder);
        Dictionary<string, ChannelSettings> channels = new(StringComparer.Ordinal);
        HashSet<string> named = new(StringComparer.Ordinal);
        foreach (YamlEntry entry in root.OptionalMap("channels")?.Entries ?? [])
        {
            named.Add(entry.Key);
            if (Channel(new(entry.Value, problems, $"channels.{entry.Key}"), entry.Key, secrets, folder) is { } channel)
            {
                channels[entry.Key] = channel;
            }
        }

        List<Route> routes = [];
        foreach (YamlNode node in root.OptionalList("routes"))
        {
            YamlMapReader map = new(node, problems, "routes");
            routes.Add(new(map.TextList("kinds"), map.TextList("channels")));
            foreach (string name in routes[^1].Channels.Where(n => !named.Contains(n)))
            {
                problems.Add(OutsideCodes.UnknownName, map.PlaceOf("channels"), $"There is no channel '{name}'.", "Add it below channels:.");
            }

            map.Close();
        }

        Patience patience = OutsideSettings.Nothing.Patience;
        if (root.OptionalMap("give_up") is { } giveUp)
        {
            patience = new(
                TimeSpan.FromHours(Bounded(giveUp, "after_hours", (int)patience.Age.TotalHours, 1, 24 * 365)), Bounded(giveUp, "attempts", patience.Attempts, 1, 100_000));
            giveUp.Close();
        }

        List<CallRule> calls = [.. root.OptionalList("calls").Select(n => Call(new(n, problems, "calls"), secrets))];
        root.Close();
        return problems.Result(() => new OutsideSettings(channels, routes, patience, calls, secrets));
    }

    private static Dictionary<string, SecretSource> Secrets(YamlMapReader root, string folder)
    {
        Dictionary<string, SecretSource> secrets = new(StringComparer.Ordinal);
        foreach (YamlEntry entry in root.OptionalMap("secrets")?.Entries ?? [])
        {
            YamlMapReader map = new(entry.Value, root.Problems, $"secrets.{entry.Key}");
            string? file = map.OptionalText("file"), variable = map.OptionalText("env");
            if (!map.IsBroken && (file is null) == (variable is null))
            {
                root.Problems.Add(map.Place, $"The secret '{entry.Key}' must lie in a file or in a variable of the environment.", "Write file: PATH or env: NAME. The secret itself never stands here.");
            }

            secrets[entry.Key] = new(entry.Key, file is null ? null : Path.Combine(folder, file), variable);
            map.Close();
        }

        return secrets;
    }

    private static ChannelSettings? Channel(YamlMapReader map, string name, Dictionary<string, SecretSource> secrets, string folder)
    {
        TimeSpan timeout = TimeSpan.FromSeconds(Bounded(map, "timeout_seconds", 10, 1, TimeoutSecondsMax));
        ChannelSettings? channel = null;
        switch (map.Text("type"))
        {
            case "webhook":
                channel = Webhook(map, name, timeout, secrets);
                break;
            case "smtp":
                channel = Smtp(map, name, timeout, secrets);
                break;
            case "file":
                channel = new FileSettings(name, timeout, Path.Combine(folder, map.Text("path")));
                break;
            case var other when map.Has("type"):
                map.Problems.Add(map.PlaceOf("type"), $"There is no type of channel '{other}'.", "Use one of: webhook, smtp, file.");
                return null;
        }

        map.Close();
        return channel;
    }

    private static WebhookSettings? Webhook(YamlMapReader map, string name, TimeSpan timeout, Dictionary<string, SecretSource> secrets)
    {
        string? url = map.OptionalText("url");
        SecretSource? urlSecret = SecretOf(map, "url_secret", secrets), secret = SecretOf(map, "secret", secrets);
        Uri? address = null;
        if (map.Has("url") == map.Has("url_secret"))
        {
            map.Problems.Add(map.Place, $"{map.What} must have url or url_secret.", "Write url: https://…, or url_secret: with the name of a secret where the address itself is one.");
        }
        else if (url is not null && WebAddress(url) is { } problem)
        {
            map.Problems.Add(map.PlaceOf("url"), problem, "Write an address such as https://hooks.example.org/sigmatiq.");
        }
        else if (url is not null)
        {
            address = new(url);
        }

        if (secret is null && !map.Has("secret"))
        {
            map.Text("secret");
        }

        return secret is null ? null : new(name, timeout, address, urlSecret, secret);
    }

    /// <summary>What is wrong with the address of a webhook; null where nothing is.</summary>
    internal static string? WebAddress(string url) =>
        !Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("https" or "http") ? "The address is none of the web."
        : uri.UserInfo.Length > 0 ? "The address has a user in it, which would be a secret in the open."
        : null;

    private static SmtpSettings Smtp(YamlMapReader map, string name, TimeSpan timeout, Dictionary<string, SecretSource> secrets)
    {
        string host = map.Text("host"), tls = map.OptionalText("tls") ?? "starttls", from = map.Text("from");
        string? user = map.OptionalText("user");
        SecretSource? password = SecretOf(map, "password", secrets);
        IReadOnlyList<string> to = map.TextList("to");
        if (tls is not ("starttls" or "none"))
        {
            map.Problems.Add(map.PlaceOf("tls"), $"tls has no value '{tls}'.", "Use starttls (the default) or none.");
        }

        if (tls == "none" && user is not null && !IsLoopback(host))
        {
            map.Problems.Add(OutsideCodes.InTheClear, map.PlaceOf("tls"), "The password would travel in the clear.", "Use tls: starttls, or send without user and password.");
        }

        if ((user is null) != !map.Has("password"))
        {
            map.Problems.Add(map.Place, "User and password go together.", "Write both or neither.");
        }

        foreach (string address in to.Append(from).Where(a => a.Length > 0 && !IsMailAddress(a)))
        {
            map.Problems.Add(map.Place, $"'{address}' is no mail address.", "Write one such as desk@example.org.");
        }

        if (map.Has("to") && to.Count == 0)
        {
            map.Problems.Add(map.PlaceOf("to"), "Nobody receives the mail.", "Name at least one address.");
        }

        return new(name, timeout, host, Bounded(map, "port", 587, 1, 65_535), tls == "starttls", user, password, from, to);
    }

    private static CallRule Call(YamlMapReader map, Dictionary<string, SecretSource> secrets)
    {
        string host = map.Text("host");
        if (host.Length > 0 && !IsHost(host))
        {
            map.Problems.Add(map.PlaceOf("host"), $"'{host}' is no name of a host.", "Write a name such as api.example.org, *.example.org for all below it, or an address in plain form.");
        }

        IReadOnlyList<string> schemes = OneOf(map, "schemes", ["https"], ["https", "http"]), methods = OneOf(map, "methods", ["GET", "HEAD"], AllMethods);
        List<int> ports = [];
        foreach (string text in map.OptionalTextList("ports"))
        {
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and < 65_536)
            {
                ports.Add(port);
            }
            else
            {
                map.Problems.Add(map.PlaceOf("ports"), $"'{text}' is no port.", "Write whole numbers from 1 to 65535.");
            }
        }

        List<IPNetwork> networks = [];
        foreach (string text in map.OptionalTextList("networks"))
        {
            if (IPNetwork.TryParse(text, out IPNetwork network))
            {
                networks.Add(network);
            }
            else
            {
                map.Problems.Add(map.PlaceOf("networks"), $"'{text}' is no network.", "Write one such as 10.1.2.0/24.");
            }
        }

        IReadOnlyList<string> named = map.OptionalTextList("secrets");
        foreach (string secret in named.Where(s => !secrets.ContainsKey(s)))
        {
            map.Problems.Add(OutsideCodes.UnknownName, map.PlaceOf("secrets"), $"There is no secret '{secret}'.", "Add it below secrets:.");
        }

        if (named.Count > 0 && schemes.Contains("http") && !IsLoopback(host))
        {
            map.Problems.Add(OutsideCodes.InTheClear, map.PlaceOf("schemes"), $"Secrets for {host} could travel in the clear.", "Leave http out of schemes where secrets are named.");
        }

        map.Close();
        return new(host, schemes, ports.Count > 0 ? ports : [.. schemes.Select(s => s == "https" ? 443 : 80)], methods, named, networks);
    }

    private static bool IsHost(string host) =>
        Uri.CheckHostName(host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host) is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6;

    private static bool IsLoopback(string host) => host == "localhost" || (IPAddress.TryParse(host, out IPAddress? ip) && IPAddress.IsLoopback(ip));

    private static bool IsMailAddress(string text) => MailAddress.TryCreate(text, out _) && !text.Any(char.IsControl);

    private static IReadOnlyList<string> OneOf(YamlMapReader map, string key, string[] standard, string[] all)
    {
        IReadOnlyList<string> given = map.OptionalTextList(key);
        foreach (string word in given.Where(w => !all.Contains(w)))
        {
            map.Problems.Add(map.PlaceOf(key), $"{key} has no value '{word}'.", $"Use one of: {string.Join(", ", all)}.");
        }

        return given.Count > 0 ? given : standard;
    }

    private static SecretSource? SecretOf(YamlMapReader map, string key, Dictionary<string, SecretSource> secrets)
    {
        if (map.OptionalText(key) is not { } name)
        {
            return null;
        }

        if (secrets.TryGetValue(name, out SecretSource? secret))
        {
            return secret;
        }

        map.Problems.Add(OutsideCodes.UnknownName, map.PlaceOf(key), "There is no secret of that name.", "Write the name of an entry below secrets:, never the secret itself.");
        return null;
    }

    private static int Bounded(YamlMapReader map, string key, int standard, int min, int max)
    {
        int value = map.OptionalWhole(key) ?? standard;
        if (value < min || value > max)
        {
            map.Problems.Add(map.PlaceOf(key), $"{key} must be from {min} to {max}, was {value}.", "Write a number within the bounds.");
            return standard;
        }

        return value;
    }
}
