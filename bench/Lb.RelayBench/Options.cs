using System.Globalization;

namespace Lb.RelayBench;

/// <summary>What the command line asks for.</summary>
internal sealed record Options(
    int Rounds, int Seconds, IReadOnlyList<string> Only, IReadOnlyList<string> Proxies, string? Source, string Output)
{
    public const string Usage =
        """
        Lb.RelayBench [--rounds N] [--seconds N] [--only PART,…] [--proxies NAME,…] [--source node|client] [--output DIR]

          --rounds N         measurements of each case; 4 unless told
          --seconds N        length of each; 2 unless told
          --only PART,…      of requests, connections, bulk-1, bulk-8, memory; all unless told
          --proxies NAME,…   of lb, lb-sockmap, haproxy, nginx, haproxy-splice; all unless told
          --source SOURCE    the address that servers see; both unless told
          --output DIR       where relays.json goes; artifacts/bench unless told
        """;

    private static readonly string[] Parts = ["requests", "connections", "bulk-1", "bulk-8", "memory"];
    private static readonly string[] Known = [Proxy.Lb, Proxy.Sockmap, Proxy.HAProxy, Proxy.Nginx, Proxy.HAProxySplice];

    public bool Wants(string part) => Only.Contains(part);

    /// <summary>Reads the arguments; null when they are not understood.</summary>
    public static Options? Parse(string[] arguments)
    {
        Options options = new(4, 2, Parts, Known, null, "artifacts/bench");
        for (int i = 0; i < arguments.Length; i += 2)
        {
            if (i + 1 == arguments.Length || options.With(arguments[i], arguments[i + 1]) is not { } read)
            {
                return null;
            }

            options = read;
        }

        return options;
    }

    private Options? With(string name, string value)
    {
        string[] list = value.Split(',');
        bool isNumber = int.TryParse(value, CultureInfo.InvariantCulture, out int number) && number > 0;
        return name switch
        {
            "--rounds" when isNumber => this with { Rounds = number },
            "--seconds" when isNumber => this with { Seconds = number },
            "--only" when list.All(Parts.Contains) => this with { Only = list },
            "--proxies" when list.All(Known.Contains) => this with { Proxies = list },
            "--source" when value is "node" or "client" => this with { Source = value },
            "--output" => this with { Output = value },
            _ => null,
        };
    }
}
