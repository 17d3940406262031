using System.Collections.Immutable;
using Akka.Actor;

namespace Lb.Actors;

/// <summary>The site's part in telling what there is.</summary>
public sealed partial class SiteActor
{
    private void OnGetServices() =>
        _ = CollectAsync(_memory.Site, ConfigNow(), _apart, _services, _bridge, _relays).PipeTo(Sender, Self);

    private static async Task<ServicesSnapshot> CollectAsync(
        string site,
        ConfigSnapshot config,
        ImmutableArray<string> apart,
        IActorRef services,
        IActorRef bridge,
        IActorRef relays)
    {
        Task<ServiceList> list = services.Ask<ServiceList>(new GetServices(), AnswerTime);
        Task<KernelCounters> counters = bridge.Ask<KernelCounters>(new GetKernel(), AnswerTime);
        Task<RelayList> relayed = relays.Ask<RelayList>(new GetRelays(), AnswerTime);
        await Task.WhenAll(list, counters, relayed);
        KernelCounters kernel = await counters;
        RelayList carried = await relayed;
        return new ServicesSnapshot(
            site,
            config,
            [.. (await list).Services.Select(service => ServiceView.With(service, kernel, carried))],
            kernel.Kernel)
        {
            Apart = apart,
        };
    }
}
