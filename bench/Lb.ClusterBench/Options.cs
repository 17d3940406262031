using System.Globalization;

namespace Lb.ClusterBench;

/// <summary>What is measured.</summary>
/// <param name="Nodes">Nodes of the cluster; one is alone, without a database server.</param>
/// <param name="Services">Services of the site.</param>
/// <param name="Backends">Backends of each.</param>
/// <param name="Interval">Time between two probes of a backend, in milliseconds; 0 for none.</param>
/// <param name="Seconds">How long processor time and bytes are counted.</param>
/// <param name="Repetitions">How many backends are stopped, and how many changes are timed.</param>
/// <param name="Rate">Changes a second while their cost is counted.</param>
internal sealed record Options(
    int Nodes, int Services, int Backends, int Interval, int Seconds, int Repetitions, int Rate)
{
    public const string Usage =
        "Lb.ClusterBench [--nodes N] [--services N] [--backends N] [--interval MS] [--seconds N] [--repetitions N] [--rate N]";

    /// <summary>Reads arguments; null when they make no sense.</summary>
    public static Options? Parse(string[] arguments)
    {
        Dictionary<string, int> values = new(StringComparer.Ordinal)
        {
            ["--nodes"] = 3,
            ["--services"] = 100,
            ["--backends"] = 50,
            ["--interval"] = 1000,
            ["--seconds"] = 20,
            ["--repetitions"] = 50,
            ["--rate"] = 50,
        };
        for (int i = 0; i < arguments.Length; i += 2)
        {
            if (i + 1 == arguments.Length || !values.ContainsKey(arguments[i])
                || !int.TryParse(arguments[i + 1], CultureInfo.InvariantCulture, out int value) || value < (arguments[i] == "--interval" ? 0 : 1))
            {
                return null;
            }

            values[arguments[i]] = value;
        }

        // Backends are ports of addresses of one network.
        return values["--services"] > 1000 || values["--backends"] > 200 || values["--nodes"] > 5
            ? null
            : new Options(
                values["--nodes"], values["--services"], values["--backends"], values["--interval"], values["--seconds"],
                values["--repetitions"], values["--rate"]);
    }
}
