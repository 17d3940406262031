using System.Net;
using Lb.Actors;
using Lb.Host.CommandLine;
using Lb.Host.Configuration;
using Lb.Host.Logging;
using Lb.Kernel;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Running;

/// <summary>Does what the command line asks for. What goes wrong is told on standard error.</summary>
internal static class Lbd
{
    public static async Task<ExitCode> RunAsync(LbdRequest request)
    {
        string file = request.File;
        LoadResult read = ConfigLoader.LoadFile(file);
        foreach (ConfigIssue issue in read.Issues)
        {
            await Console.Error.WriteLineAsync(issue.ToString());
        }

        if (read.Config is not { } config)
        {
            return ExitCode.Usage;
        }

        try
        {
            switch (request.Task)
            {
                case LbdTask.Check:
                    return CheckTask.Run(config, file, Console.Out, Console.Error);
                case LbdTask.Cleanup:
                    Cleanup(config);
                    break;
                case LbdTask.Doctor:
                    return DoctorTask.Run(config, request.Doctor, Console.Out, colours: WantsColours);
                default:
                    await NodeProcess.RunAsync(config, file);
                    break;
            }

            return ExitCode.Ok;
        }
        catch (Exception e) when (e is KernelException or NodeFailure or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"lbd: {e.Message}");
            return e is NodeFailure failure ? failure.ExitCode : ExitCode.Failed;
        }
    }

    /// <summary>A person looks at it, on a terminal that can and with an environment that wants.</summary>
    private static bool WantsColours => !Console.IsOutputRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    private static void Cleanup(LoadedConfig config)
    {
        NodeOptions options = config.Node;
        using ILoggerFactory loggers = LoggerFactory.Create(
            logging => logging.AddLbConsole(options.Log.Format, new LogThreshold(LogLevel.Warning)));
        bool found = KernelDatapath.Cleanup(options.ToDatapathOptions(), loggers.CreateLogger<KernelDatapath>());
        string bird = AnnouncerPart.BirdFolder(options);
        if (Directory.Exists(bird))
        {
            // It has ended with its lbd; its files have passwords.
            Directory.Delete(bird, recursive: true);
            found = true;
        }

        if (options.Announce.Mode != AnnounceMode.None)
        {
            found |= VipAddresses.Cleanup(
                new HashSet<IPAddress>([.. config.Site.Services.Values.Select(s => s.Vip.Address), .. options.Announce.Addresses])) > 0;
        }

        Console.Out.WriteLine(found
            ? $"Removed what site {options.Site} had in the kernel."
            : $"Site {options.Site} has nothing in the kernel.");
    }
}
