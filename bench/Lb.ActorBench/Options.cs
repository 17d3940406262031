namespace Lb.ActorBench;

/// <summary>What the command line asks for.</summary>
internal sealed record Options(IReadOnlyList<string> Only, int Rounds, double Scale, string Output)
{
    public const string Usage =
        """
        Lb.ActorBench [--only NAME[,NAME…]] [--quick] [--rounds N] [--output DIR]

          --only        some of: tell, ping-pong, ask, create, memory, idle, sqlite, postgres
          --quick       three short rounds
          --rounds N    measurements of each figure; 7 unless told
          --output DIR  where actors.json goes; artifacts/bench unless told
        """;

    /// <summary>Reads the arguments; null when they are not understood.</summary>
    public static Options? Parse(string[] arguments)
    {
        var options = new Options([], 7, 1, "artifacts/bench");
        for (var i = 0; i < arguments.Length; i++)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : null;
            switch (arguments[i])
            {
                case "--quick":
                    options = options with { Rounds = 3, Scale = 0.2 };
                    continue;
                case "--only" when value is not null:
                    options = options with { Only = value.Split(',') };
                    break;
                case "--rounds" when int.TryParse(value, out var rounds) && rounds > 0:
                    options = options with { Rounds = rounds };
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

    /// <summary>Returns a number of operations, less in a quick run.</summary>
    public int Scaled(int operations) => (int)(operations * Scale);
}
