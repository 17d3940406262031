namespace Lb.Bench;

/// <summary>What the command line asks for.</summary>
internal sealed record Options(string? Only, bool Quick, int MaxFlows, int Rounds, int Cpu, string Output)
{
    private const string Packets = "packets";
    private const string Tables = "tables";
    private const string Live = "live";
    private const string Spread = "spread";

    public const string Usage =
        """
        Lb.Bench [--only packets|live|spread|tables] [--quick] [--flows N] [--rounds N] [--cpu N] [--output DIR]

          --only        one part; all unless told
          --quick       fewer rounds and at most 131,072 flows
          --flows N     most flows; 1,048,576 unless told
          --rounds N    measurements of each case; 7 unless told
          --cpu N       the CPU to run on; the last one unless told
          --output DIR  where results.json goes; artifacts/bench unless told
        """;

    public bool WantsPackets => Only is null or Packets;

    public bool WantsLive => Only is null or Live;

    public bool WantsSpread => Only is null or Spread;

    public bool WantsTables => Only is null or Tables;

    /// <summary>Reads the arguments; null when they are not understood.</summary>
    public static Options? Parse(string[] arguments)
    {
        bool quick = arguments.Contains("--quick");
        var options = new Options(
            null, quick, quick ? 131_072 : 1_048_576, quick ? 3 : 7, Environment.ProcessorCount - 1, "artifacts/bench");
        for (int i = 0; i < arguments.Length; i++)
        {
            string? value = i + 1 < arguments.Length ? arguments[i + 1] : null;
            bool isNumber = int.TryParse(value, out int number) && number >= 0;
            switch (arguments[i])
            {
                case "--quick":
                    continue;
                case "--only" when value is Packets or Live or Spread or Tables:
                    options = options with { Only = value };
                    break;
                case "--flows" when isNumber && number > 0:
                    options = options with { MaxFlows = number };
                    break;
                case "--rounds" when isNumber && number > 0:
                    options = options with { Rounds = number };
                    break;
                case "--cpu" when isNumber && number < Environment.ProcessorCount:
                    options = options with { Cpu = number };
                    break;
                case "--output" when value is not null:
                    options = options with { Output = value };
                    break;
                default:
                    return null;
            }

            i++;
        }

        return options;
    }
}
