using Akka.Actor;
using Akka.Hosting;
using Lb.Actors;

namespace Lb.Host.Running;

/// <summary>Talks to the site's actor from outside the actor system.</summary>
internal sealed class SiteClient(IRequiredActor<SiteActor> site)
{
    /// <summary>Longer than the site itself waits for its parts.</summary>
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(5);

    /// <summary>The state of the site.</summary>
    /// <exception cref="AskTimeoutException">The actors do not answer.</exception>
    public Task<ServicesSnapshot> GetServicesAsync(CancellationToken stop = default) =>
        site.ActorRef.Ask<ServicesSnapshot>(new GetServices(), AnswerTime, stop);

    /// <summary>Asks the site's actor anything that it understands.</summary>
    /// <exception cref="AskTimeoutException">The actors do not answer.</exception>
    public Task<object> AskAsync(object question, CancellationToken stop) =>
        site.ActorRef.Ask<object>(question, AnswerTime, stop);

    /// <summary>
    /// Gives back what this node had of limits, before it leaves or ends; whether others have it. What goes wrong costs them some
    /// seconds, and is not waited for.
    /// </summary>
    /// <param name="endsRelays">Relayed connections end too.</param>
    /// <param name="hurry">Ends the waiting.</param>
    public async Task<bool> ReturnSlicesAsync(bool endsRelays, CancellationToken hurry)
    {
        try
        {
            return await AskAsync(new ReturnSlices(endsRelays), hurry) is SlicesReturned { Done: true };
        }
        catch (Exception e) when (e is AskTimeoutException or OperationCanceledException)
        {
            // The leases of slices end by themselves.
            return false;
        }
    }

    /// <summary>Applies a site file.</summary>
    /// <exception cref="AskTimeoutException">The actors do not answer.</exception>
    public Task<ConfigAnswer> ApplyAsync(ApplyConfig apply) => site.ActorRef.Ask<ConfigAnswer>(apply, AnswerTime);

    /// <summary>Whether the kernel holds what every service wants, and no backend waits for its first verdict.</summary>
    public static bool IsSettled(ServicesSnapshot snapshot) =>
        IsWell(snapshot)
        && snapshot.Services.All(s =>
            s.InKernel && s.Backends.All(b => b.State != BackendState.Checking));

    /// <summary>Whether nothing is wrong between the actors and the kernel.</summary>
    public static bool IsWell(ServicesSnapshot snapshot) =>
        snapshot.Config.InForce && snapshot.Kernel.Health == KernelHealth.Good && snapshot.Services.All(s => s.Problem is null);
}
