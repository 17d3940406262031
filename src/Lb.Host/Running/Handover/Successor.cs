using System.Diagnostics;
using Lb.Host.Logging;
using Lb.Kernel;
using Lb.Kernel.Handover;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Running.Handover;

/// <summary>The process that is to take this one's place: the program as it is on disk now, with the same arguments.</summary>
internal static class Successor
{
    /// <summary>Tells a successor where it is handed over.</summary>
    public const string Variable = "LB_HANDOVER";

    /// <summary>It reads and checks its configuration, and touches nothing before that was right.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The Unix socket of a site's handover.</summary>
    public static string PathOf(DatapathOptions options) =>
        Path.Combine(options.RunDirectory, $"{options.Site}.handover");

    /// <summary>Starts one and waits until it is ready.</summary>
    /// <returns>Null when it is not: why was logged, and this process goes on as before.</returns>
    public static async Task<HandoverOffer?> StartAsync(string path, ILogger log, CancellationToken stop)
    {
        HandoverOffer? offer = null;
        try
        {
            offer = HandoverOffer.Open(path);
            using Process process = Start(path);
            log.SuccessorStarted(process.Id);
            if (await WaitAsync(offer, process, stop) is { } version)
            {
                log.SuccessorReady(version, process.Id);
                return offer;
            }

            log.SuccessorFailed(process.HasExited
                ? $"it ended with exit code {process.ExitCode}; its own lines say why"
                : $"it was not ready within {Patience.TotalSeconds} s and was ended");
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
        catch (Exception reason) when (reason is KernelException or IOException
            or System.ComponentModel.Win32Exception)
        {
            log.SuccessorFailed(reason.Message);
        }

        offer?.Dispose();
        return null;
    }

    private static async Task<string?> WaitAsync(HandoverOffer offer, Process process, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        Task<string> ready = offer.WaitAsync(process.Id, patience.Token);
        Task ended = process.WaitForExitAsync(patience.Token);
        await Task.WhenAny(ready, ended);
        if (ready.IsCompleted && !ready.IsCanceled)
        {
            return await ready;
        }

        await patience.CancelAsync();
        return null;
    }

    private static Process Start(string path)
    {
        string[] arguments = Environment.GetCommandLineArgs();
        string program = Environment.ProcessPath ?? "/proc/self/exe";
        // An installed version replaces the file: the path is still right, only not for the one that runs.
        const string deleted = " (deleted)";
        if (program.EndsWith(deleted, StringComparison.Ordinal))
        {
            program = program[..^deleted.Length];
        }

        bool isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        ProcessStartInfo start = new(program, isHost ? arguments : arguments.Skip(1)) { UseShellExecute = false };
        start.Environment[Variable] = path;
        return Process.Start(start)!;
    }
}
