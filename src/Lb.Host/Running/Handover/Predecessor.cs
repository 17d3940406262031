using Lb.Host.Logging;
using Lb.Kernel;
using Lb.Kernel.Handover;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Running.Handover;

/// <summary>The process whose place this one takes, when it was started for that.</summary>
internal static class Predecessor
{
    /// <summary>
    /// Waits until it has ended all but its relays, and has the engine take these over in time. What fails here costs
    /// relayed connections and nothing else: this process starts as any other.
    /// </summary>
    /// <returns>Whether there is one.</returns>
    public static bool Follow(RelayEngine relays, Supervisor supervisor, ILogger log)
    {
        if (Environment.GetEnvironmentVariable(Successor.Variable) is not { Length: > 0 } path)
        {
            return false;
        }

        Environment.SetEnvironmentVariable(Successor.Variable, null);
        HandoverClaim? claim = null;
        try
        {
            claim = HandoverClaim.Connect(path, BuildVersion.Text);
            claim.WaitUntilFree();
            relays.Expect(() => Take(claim, relays, supervisor, log));
            return true;
        }
        catch (KernelException reason)
        {
            claim?.Dispose();
            log.TakeOverFailed(reason.Message);
            return false;
        }
    }

    private static void Take(HandoverClaim claim, RelayEngine relays, Supervisor supervisor, ILogger log)
    {
        using HandoverClaim taken = claim;
        try
        {
            HandoverReport report = taken.Take(relays);
            // Before the other ends: systemd takes the end of its main process for the end of the service.
            supervisor.TellMain();
            taken.Confirm(report);
            log.TakenOver(report.Connections, report.Listeners, report.Left);
        }
        catch (KernelException reason)
        {
            log.TakeOverFailed(reason.Message);
        }
    }
}
