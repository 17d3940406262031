using System.Text.Encodings.Web;
using System.Text.Json;
using Lb.Host.Api;
using Lb.Host.Configuration;
using Lb.Host.Doctor;

namespace Lb.Host.CommandLine;

/// <summary>How the doctor's report is printed.</summary>
internal enum DoctorOutput
{
    Text,
    Json,
}

/// <summary>What <c>lbd --doctor</c> was asked.</summary>
/// <param name="Fix">Mend what can be mended without harm.</param>
/// <param name="Output">How the report is printed.</param>
internal sealed record DoctorOptions(bool Fix, DoctorOutput Output);

/// <summary><c>lbd --doctor</c>: examines the host and prints what it found.</summary>
internal static class DoctorTask
{
    private static readonly ApiJson Json = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        // For people and jq, not for a web page: quotes and signs stay as they are.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>Examines and prints.</summary>
    /// <returns>Whether the host is fit.</returns>
    public static ExitCode Run(LoadedConfig config, DoctorOptions options, TextWriter output, bool colours)
    {
        DoctorReport report = options.Fix
            ? HostDoctor.Mend(config.Site, config.Node)
            : HostDoctor.Examine(config.Site, config.Node);
        if (options.Output == DoctorOutput.Json)
        {
            output.WriteLine(JsonSerializer.Serialize(DoctorResource.From(report), Json.DoctorResource));
        }
        else
        {
            new TextReport(output, colours).Write(report);
        }

        return report.Healthy ? ExitCode.Ok : ExitCode.Failed;
    }
}
