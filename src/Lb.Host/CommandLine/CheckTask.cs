using Lb.Host.Configuration;
using Lb.Host.Running;
using Lb.Kernel;
using Lb.Kernel.Migration;

namespace Lb.Host.CommandLine;

/// <summary><c>lbd --check</c> of a file that was found right: whether a start with it on this host could use what is pinned.</summary>
internal static class CheckTask
{
    /// <summary>Looks and prints. It changes nothing.</summary>
    /// <returns>Whether such a start would be refused, as it would end itself.</returns>
    public static ExitCode Run(LoadedConfig config, string file, TextWriter output, TextWriter error)
    {
        output.WriteLine(config.Verdict(file));
        StartForecast forecast = StartForecaster.Read(config.Node.ToDatapathOptions());
        foreach (string line in ForecastText.Lines(forecast))
        {
            output.WriteLine(line);
        }

        foreach (string line in ForecastText.Refusals(forecast))
        {
            error.WriteLine($"lbd: {line}");
        }

        return forecast.Problems.IsEmpty ? ExitCode.Ok : ExitCode.Failed;
    }
}
