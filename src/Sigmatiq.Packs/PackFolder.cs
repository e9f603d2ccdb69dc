using System.Text.Json.Nodes;
using Sigmatiq.Market.Bars;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Packs;

/// <summary>Six YAML files to a <see cref="Pack"/>.</summary>
public static class PackFolder
{
    /// <summary>The files of a pack; all are required.</summary>
    public static IReadOnlyList<string> FileNames { get; } =
        ["pack.yaml", "indicators.yaml", "features.yaml", "strategies.yaml", "gates.yaml", "policies.yaml"];

    private static readonly Dictionary<string, Interval> IntervalWords =
        Enum.GetValues<Interval>().ToDictionary(i => i.Text(), StringComparer.Ordinal);

    /// <summary>Reads a folder with the six files.</summary>
    /// <returns>The pack, or every problem with file, line and column: PCK-1001 structure, PCK-1004 words, PCK-1005 gates, PCK-1009 version.</returns>
    public static ParseResult<Pack> Load(string folder)
    {
        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        List<Problem> problems = [];
        foreach (string name in FileNames)
        {
            string path = Path.Combine(folder, name);
            if (File.Exists(path))
            {
                texts[name] = File.ReadAllText(path);
            }
            else
            {
                problems.Add(new("PCK-1001", $"The pack has no file {name}.", path, $"Add it; a pack has {string.Join(", ", FileNames)}.", ExitCode.BadUsage));
            }
        }

        // A folder of versions, or of packs, is the likely slip: one finding that shows the way says more than six files that are missing.
        if (texts.Count == 0 && Directory.Exists(folder) && Directory.EnumerateFiles(folder, FileNames[0], SearchOption.AllDirectories).Order(StringComparer.Ordinal).LastOrDefault() is { } inner)
        {
            problems = [new("PCK-1001", "The folder holds no pack itself.", folder, $"Name the folder of one version, e.g. {Path.GetDirectoryName(inner)}.", ExitCode.BadUsage)];
        }

        return problems.Count > 0 ? ParseResult<Pack>.Refused(problems) : Parse(texts);
    }

    /// <summary>Reads the texts of the six files by name; where a file is missing it is named.</summary>
    public static ParseResult<Pack> Parse(IReadOnlyDictionary<string, string> texts)
    {
        YamlProblems problems = new("PCK-1001", "PCK-1004");
        Dictionary<string, YamlNode> roots = new(StringComparer.Ordinal);
        foreach (string name in FileNames)
        {
            if (!texts.TryGetValue(name, out string? text))
            {
                problems.Add(new(name, 1, 1), $"The pack has no file {name}.", "Add it.");
                continue;
            }

            ParseResult<YamlNode> parsed = YamlText.Parse(text, name, "PCK-1001");
            problems.AddRange(parsed.Problems);
            if (parsed.IsOk)
            {
                roots[name] = parsed.Value;
            }
        }

        return problems.All.Count > 0 ? ParseResult<Pack>.Refused(problems.All) : Build(roots, problems);
    }

    private static ParseResult<Pack> Build(Dictionary<string, YamlNode> roots, YamlProblems problems)
    {
        JsonObject content = new(FileNames.Select(n => KeyValuePair.Create(n, roots[n].ToJson())));
        YamlMapReader Root(string name) => new(roots[name], problems, "");

        YamlMapReader file = Root("pack.yaml");
        YamlMapReader pack = file.Map("pack");
        string id = pack.Text("id");
        if (!pack.IsBroken && pack.Has("id") && !IsSlug(id))
        {
            problems.Add(pack.PlaceOf("id"), $"pack.id '{id}' is not a slug.", "Use lower-case letters, digits, dashes or underscores, a letter first.");
        }

        string versionText = pack.Text("version");
        if (!PackVersion.TryParse(versionText, out PackVersion version) && pack.Has("version"))
        {
            problems.Add("PCK-1009", pack.PlaceOf("version"), $"pack.version '{versionText}' is not a semantic version.", "Write it as 1.2.3.");
        }

        var (name, description, author, createdAt) = (pack.Text("name"), pack.Text("description"), pack.Text("author"), pack.Date("created_at"));
        pack.Close();
        YamlMapReader metadata = file.Map("metadata");
        Vibe vibe = ReadVibe(metadata.Map("vibe"));
        IReadOnlyList<string> tags = [.. file.OptionalTextList("tags").Concat(metadata.OptionalTextList("tags")).Distinct()];
        metadata.Close();
        List<InstrumentType> supported = [];
        foreach (YamlNode item in file.List("supported_instruments"))
        {
            if (file.WordOf("supported_instruments", item, EnumWords<InstrumentType>.Words) is { } type)
            {
                supported.Add(type);
            }
        }

        InstrumentType defaultInstrument = file.OneOf("default_instrument", EnumWords<InstrumentType>.Words);
        file.Close();

        IReadOnlyList<PackIndicator> indicators = ReadIndicators(Root("indicators.yaml"));
        IReadOnlyList<PackFeature> features = ReadFeatures(Root("features.yaml"));
        IReadOnlyList<PackStrategy> strategies = ReadStrategies(Root("strategies.yaml"));
        PackGates gates = ReadGates(Root("gates.yaml"));
        PackPolicies policies = ReadPolicies(Root("policies.yaml"), vibe.TimeHorizon);
        return problems.Result(() => new Pack
        {
            Id = id,
            Name = name,
            Version = version,
            Description = description,
            Author = author,
            CreatedAt = createdAt,
            Vibe = vibe,
            Tags = tags,
            SupportedInstruments = supported,
            DefaultInstrument = defaultInstrument,
            Indicators = indicators,
            Features = features,
            Strategies = strategies,
            Gates = gates,
            Policies = policies,
            Places = PlacesOf(roots),
            Content = content,
            Hash = ContentHash.OfJson(content),
        });
    }

    // The keys that findings point at: lists of things with an id go by the id.
    private static Dictionary<string, YamlPlace> PlacesOf(Dictionary<string, YamlNode> roots)
    {
        Dictionary<string, YamlPlace> places = new(StringComparer.Ordinal);
        foreach (string name in FileNames)
        {
            Walk(roots[name], "");
        }

        return places;

        void Walk(YamlNode node, string path)
        {
            places.TryAdd(path, node.Place);
            if (node is YamlMap map)
            {
                foreach (YamlEntry entry in map.Entries)
                {
                    string below = path.Length == 0 ? entry.Key : $"{path}.{entry.Key}";
                    places.TryAdd(below, entry.Place);
                    Walk(entry.Value, path == "indicators" ? path : below);
                    if (entry.Value is YamlScalar)
                    {
                        places[below] = entry.Value.Place;
                    }
                }
            }
            else if (node is YamlList list)
            {
                for (int i = 0; i < list.Items.Count; i++)
                {
                    string? id = (list.Items[i] as YamlMap)?.Find("id")?.Value is YamlScalar { Text: var text } ? text : null;
                    Walk(list.Items[i], id is null ? FormattableString.Invariant($"{path}[{i}]") : $"{path}.{id}");
                }
            }
        }
    }

    private static Vibe ReadVibe(YamlMapReader map)
    {
        Vibe vibe = new(
            map.OneOf("time_horizon", EnumWords<TimeHorizon>.Words),
            map.OneOf("risk_appetite", EnumWords<RiskAppetite>.Words),
            map.OneOf("decision_style", EnumWords<DecisionStyle>.Words),
            map.OneOf("market_preference", EnumWords<MarketPreference>.Words),
            map.OneOf("execution_character", EnumWords<ExecutionCharacter>.Words));
        map.Close();
        return vibe;
    }

    private static List<PackIndicator> ReadIndicators(YamlMapReader file)
    {
        List<PackIndicator> indicators = [];
        HashSet<string> ids = new(StringComparer.Ordinal);
        YamlMapReader groups = file.Map("indicators");
        foreach (string group in (string[])["momentum", "trend", "volatility", "volume"])
        {
            foreach (YamlNode item in groups.OptionalList(group))
            {
                YamlMapReader map = new(item, file.Problems, $"indicators.{group}[]");
                string id = map.Text("id");
                RefuseTwin(map, ids, id);
                indicators.Add(new(group, id, map.Text("name"), ReadParams(map.Map("params"))));
                map.Close();
            }
        }

        groups.Close();
        file.Close();
        return indicators;
    }

    internal static List<IndicatorParam> ReadParams(YamlMapReader map)
    {
        List<IndicatorParam> values = [];
        foreach (YamlEntry entry in map.Entries)
        {
            if (entry.Value is YamlScalar { AsFlag: { } flag })
            {
                values.Add(new(entry.Key, flag ? 1 : 0, IsFlag: true));
            }
            else if (entry.Value is YamlScalar { AsNumber: { } number })
            {
                values.Add(new(entry.Key, number));
            }
            else if (entry.Value is YamlScalar { IsNull: false, Text: [>= 'a' and <= 'z', ..] word } && word.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_'))
            {
                // Which words a setting may be, the catalog says where the settings are read.
                values.Add(new(entry.Key, 0, Word: word));
            }
            else
            {
                map.Problems.Add(entry.Place, $"{map.What}.{entry.Key} must be a number, true, false or a word.", "Write a number without quotes.");
            }
        }

        return values;
    }

    private static List<PackFeature> ReadFeatures(YamlMapReader file)
    {
        List<PackFeature> features = [];
        HashSet<string> ids = new(StringComparer.Ordinal);
        foreach (YamlNode item in file.List("features"))
        {
            YamlMapReader map = new(item, file.Problems, "features[]");
            string id = map.Text("id");
            RefuseTwin(map, ids, id);
            double? scale = map.OptionalNumber("scale");
            if (scale is <= 0)
            {
                map.Problems.Add(map.PlaceOf("scale"), $"features[].scale must be positive, was {scale}.", "Leave it out or write a positive number.");
            }

            features.Add(new(id, map.Text("name"), map.Text("calculation"), scale ?? FeatureScales.Of(id)));
            map.Close();
        }

        file.Close();
        return features;
    }

    private static List<PackStrategy> ReadStrategies(YamlMapReader file)
    {
        List<PackStrategy> strategies = [];
        HashSet<string> ids = new(StringComparer.Ordinal);
        foreach (YamlNode item in file.List("strategies"))
        {
            YamlMapReader map = new(item, file.Problems, "strategies[]");
            string id = map.Text("id");
            RefuseTwin(map, ids, id);
            strategies.Add(new(
                id, map.Text("name"), map.Text("description"), map.TextList("entry_logic"), map.TextList("exit_logic"),
                map.OneOf("side", EnumWords<StrategySide>.Words, StrategySide.Long)));
            map.Close();
        }

        file.Close();
        return strategies;
    }

    private static PackGates ReadGates(YamlMapReader file)
    {
        YamlMapReader gates = file.Map("gates");
        YamlMapReader quality = gates.Map("quality"), execution = gates.Map("execution"), risk = gates.Map("risk");
        PackGates read = new(
            new(Gate(quality, "min_trades"), Gate(quality, "min_sharpe"), Gate(quality, "max_drawdown_pct"), Gate(quality, "min_win_rate")),
            new(Gate(execution, "max_slippage_bps"), Gate(execution, "min_volume"), Gate(execution, "max_spread_pct")),
            new(Gate(risk, "max_position_size_pct"), Gate(risk, "max_correlation"), Gate(risk, "max_var_95")));
        quality.Close();
        execution.Close();
        risk.Close();
        gates.Close();
        file.Close();
        return read;
    }

    private static double Gate(YamlMapReader map, string key)
    {
        if (!map.Has(key) && !map.IsBroken)
        {
            map.Problems.Add("PCK-1005", map.Place, $"The gate {map.What}.{key} is missing.", $"Add '{key}:' with its limit.");
        }

        return map.OptionalNumber(key) ?? 0;
    }

    private static PackPolicies ReadPolicies(YamlMapReader file, TimeHorizon horizon)
    {
        YamlMapReader policies = file.Map("policies");
        YamlMapReader execution = policies.Map("execution"), sizing = policies.Map("position_sizing"), risk = policies.Map("risk_management");
        ExecutionPolicy executionPolicy = new(
            execution.OneOf("order_type", EnumWords<OrderType>.Words), execution.OneOf("time_in_force", EnumWords<TimeInForce>.Words),
            execution.Flag("wait_for_confirmation"), execution.Flag("partial_fills_allowed"));
        SizingPolicy sizingPolicy = new(
            sizing.OneOf("method", EnumWords<SizingMethod>.Words), Positive(sizing, "max_position_pct", sizing.Number("max_position_pct")),
            sizing.Flag("scale_in_allowed"), (int)Positive(sizing, "max_positions", sizing.Whole("max_positions")), VolTarget(sizing));
        RiskPolicy riskPolicy = new(
            Exit(risk, "stop_loss_pct"), Exit(risk, "take_profit_pct"), risk.Flag("trailing_stop"), Exit(risk, "trailing_stop_pct"),
            (int?)Exit(risk, "time_stop_days"));
        EnginePolicy engine = ReadEngine(policies.OptionalMap("engine"), horizon, executionPolicy);
        execution.Close();
        sizing.Close();
        risk.Close();
        policies.Close();
        file.Close();
        return new(executionPolicy, sizingPolicy, riskPolicy, engine);
    }

    private static EnginePolicy ReadEngine(YamlMapReader? map, TimeHorizon horizon, ExecutionPolicy execution)
    {
        EnginePolicy defaults = new()
        {
            // 02 §2.7: hourly bars for "days"; 01 §1.3: the rules of days and longer live on daily bars.
            Interval = horizon switch
            {
                TimeHorizon.Seconds or TimeHorizon.Minutes => Interval.Minute1,
                TimeHorizon.Hours => Interval.Minute5,
                _ => Interval.Hour1,
            },
            RuleFrame = horizon >= TimeHorizon.Days ? RuleFrameKind.Day : RuleFrameKind.Bar,
            ConfirmationBars = execution.WaitForConfirmation ? 1 : 0,
        };
        if (map is null)
        {
            return defaults;
        }

        EnginePolicy engine = new()
        {
            Interval = map.OneOf("interval", IntervalWords, defaults.Interval),
            RuleFrame = map.OneOf("rule_frame", EnumWords<RuleFrameKind>.Words, defaults.RuleFrame),
            ConfirmationBars = map.OptionalWhole("confirmation_bars") ?? defaults.ConfirmationBars,
            Prices = map.OneOf("prices", EnumWords<PriceKind>.Words, defaults.Prices),
            StartingCash = Positive(map, "starting_cash", map.OptionalNumber("starting_cash") ?? defaults.StartingCash),
            Quantity = map.OneOf("quantity", EnumWords<QuantityKind>.Words, defaults.Quantity),
            SizeOf = map.OneOf("size_of", EnumWords<SizeBase>.Words, defaults.SizeOf),
            SizePrice = map.OneOf("size_price", EnumWords<SizePrice>.Words, defaults.SizePrice),
            Commission = map.OneOf("commission", EnumWords<CommissionKind>.Words, defaults.Commission),
            CommissionBps = NotNegative(map, "commission_bps", map.OptionalNumber("commission_bps") ?? defaults.CommissionBps),
            SlippageBps = NotNegative(map, "slippage_bps", map.OptionalNumber("slippage_bps") ?? defaults.SlippageBps),
            LimitFill = map.OneOf("limit_fill", EnumWords<LimitFill>.Words, defaults.LimitFill),
            OpenAtEnd = map.OneOf("open_at_end", EnumWords<OpenAtEnd>.Words, defaults.OpenAtEnd),
            Hours = map.OneOf("hours", EnumWords<HoursClock>.Words, defaults.Hours),
            Returns = map.OneOf("returns", EnumWords<ReturnSeries>.Words, defaults.Returns),
            PeriodsPerYear = Positive(map, "periods_per_year", map.OptionalNumber("periods_per_year") ?? defaults.PeriodsPerYear),
            Confidence = map.OneOf("confidence", EnumWords<ConfidenceUse>.Words, defaults.Confidence),
        };
        NotNegative(map, "confirmation_bars", engine.ConfirmationBars);
        map.Close();
        return engine;
    }

    // The target and the method that needs it come together: a target that nothing reads would be believed.
    private static double? VolTarget(YamlMapReader map)
    {
        double? target = map.OptionalNumber("vol_target_pct");
        bool isMethod = map.Optional("method") is YamlScalar { Text: var method } && method == EnumWords<SizingMethod>.Text(SizingMethod.VolTarget);
        if (isMethod && !map.Has("vol_target_pct"))
        {
            map.Problems.Add(map.Place, $"{map.What} lacks the key 'vol_target_pct', which the method vol_target needs.", "Add 'vol_target_pct:', e.g. 2: a position may swing 2 % of equity a year.");
        }
        else if (!isMethod && map.Has("vol_target_pct"))
        {
            map.Problems.Add(map.PlaceOf("vol_target_pct"), $"{map.What}.vol_target_pct belongs to the method vol_target.", "Remove it, or use that method.");
        }

        return target is null ? null : Positive(map, "vol_target_pct", target.Value);
    }

    // A protective exit: a positive number, or the word none.
    private static double? Exit(YamlMapReader map, string key)
    {
        if (map.Required(key) is YamlScalar { Text: "none" })
        {
            return null;
        }

        double? value = map.OptionalNumber(key);
        return value is null ? null : Positive(map, key, value.Value);
    }

    private static double Positive(YamlMapReader map, string key, double value)
    {
        if (value <= 0 && map.Has(key))
        {
            map.Problems.Add(map.PlaceOf(key), $"{map.What}.{key} must be positive, was {value}.", "Write a positive number.");
        }

        return value;
    }

    private static double NotNegative(YamlMapReader map, string key, double value)
    {
        if (value < 0)
        {
            map.Problems.Add(map.PlaceOf(key), $"{map.What}.{key} must not be negative, was {value}.", "Write 0 or a positive number.");
        }

        return value;
    }

    private static void RefuseTwin(YamlMapReader map, HashSet<string> ids, string id)
    {
        if (map.Has("id") && !IsSlug(id))
        {
            map.Problems.Add(map.PlaceOf("id"), $"{map.What}.id '{id}' is not a slug.", "Use lower-case letters, digits, dashes or underscores, a letter first.");
        }

        if (map.Has("id") && !ids.Add(id))
        {
            map.Problems.Add(map.PlaceOf("id"), $"{map.What} has the id '{id}' twice.", "Give each its own id.");
        }
    }

    internal static bool IsSlug(string text) =>
        text.Length is >= 1 and <= 64 && char.IsAsciiLetterLower(text[0])
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_');
}
