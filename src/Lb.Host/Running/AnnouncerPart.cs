using Akka.Actor;
using Lb.Actors;
using Lb.Host.Announce;
using Lb.Host.Configuration;
using Lb.Host.Logging;
using Lb.Kernel;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Running;

/// <summary>The node's announcer, if it has one.</summary>
internal sealed class AnnouncerPart(
    LoadedConfig config, ClusterPart cluster, AnnouncerStart start, AnnouncerBoard board, JoinGate gate, TimeProvider clock,
    ILoggerFactory loggers)
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(2);

    /// <summary>Longer than the announcer waits for others.</summary>
    private static readonly TimeSpan HandOverTime = TimeSpan.FromSeconds(5);

    /// <summary>How long forwarding goes on after a handover: for neighbours that have missed the first word of it.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromMilliseconds(500);

    /// <summary>Longer than flows wait to be confirmed.</summary>
    private static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    private IActorRef? _announcer;
    private IActorRef? _site;

    /// <summary>What is announced.</summary>
    public AnnouncerBoard Board => board;

    /// <summary>Where the files of a site's bird are.</summary>
    public static string BirdFolder(NodeOptions node) =>
        Path.Combine(node.ToDatapathOptions().RunDirectory, $"{node.Site}.bird");

    /// <summary>Starts to announce, when the configuration says so.</summary>
    public void Start(ActorSystem system, IActorRef site)
    {
        _site = site;
        AnnounceOptions options = config.Node.Announce;
        if (options.Mode == AnnounceMode.None)
        {
            return;
        }

        AnnouncerSettings settings = new(
            options.Mode, options.Interfaces, options.Lifetime, options.Prefers, options.Addresses,
            options.Bgp.WithdrawEmpty, start.Follows)
        {
            // Who goes on with what another one of this host holds has what that had.
            Gate = cluster.Node is null || start.Follows ? null : gate,
            FirstVips = [.. config.Site.Services.Values.Select(service => service.Vip.Address), .. options.Addresses],
        };
        if (options.Mode == AnnounceMode.Bgp)
        {
            BirdSpeaker speaker = new(options.Bgp, BirdFolder(config.Node), loggers.CreateLogger("Lb.Host"));
            _announcer = system.ActorOf(
                RoutesActor.Props(site, speaker, cluster.Node?.Address, settings, board, clock, loggers), "announcer");
            return;
        }

        IAnnouncerPeers? peers = cluster.Node is { } node ? new ClusterPeers(node) : null;
        cluster.HandOver = AwaitHandOverAsync;
        VipAddresses addresses = new();
        _announcer = system.ActorOf(
            AnnouncerActor.Props(site, addresses, peers, settings, Board, clock, loggers), "announcer");
    }

    /// <summary>Has the node be rid of its VIPs, or take VIPs again.</summary>
    /// <returns>What it announces then.</returns>
    /// <exception cref="AskTimeoutException">The announcer does not answer.</exception>
    public async Task<AnnouncerSnapshot> DrainAsync(bool drains, CancellationToken stop)
    {
        if (_announcer is null)
        {
            return Board.Current;
        }

        if (drains)
        {
            await FlushAsync(stop);
        }

        return await _announcer.Ask<AnnouncerSnapshot>(new DrainVips(drains), AnswerTime, stop);
    }

    /// <summary>Hands all VIPs over before the process ends; forwarding goes on meanwhile.</summary>
    public async Task HandOverAsync(ILogger log, CancellationToken hurry)
    {
        if (_announcer is null || Board.Current.Vips.All(vip => !vip.IsHere))
        {
            return;
        }

        try
        {
            await FlushAsync(hurry);
            VipsHandedOver done = await _announcer.Ask<VipsHandedOver>(new HandOverVips(), HandOverTime, hurry);
            log.VipsHandedOver(done.Held);
            await Waiting.DelayAsync(Aftermath, hurry);
        }
        catch (Exception e) when (e is AskTimeoutException or OperationCanceledException)
        {
            log.VipsNotHandedOver();
        }
    }

    /// <summary>Others have all entries of flows before the first packet of them comes there; whether they have confirmed it.</summary>
    public async Task<bool> FlushAsync(CancellationToken stop)
    {
        bool done = false;
        try
        {
            SharingFlushed flushed = await _site!.Ask<SharingFlushed>(new FlushSharing(), FlushTime, stop);
            done = flushed.Done;
        }
        catch (AskTimeoutException)
        {
            // As if nobody had confirmed it.
        }

        if (!done)
        {
            loggers.CreateLogger("Lb.Host").FlowsNotFlushed();
        }

        return done;
    }

    /// <summary>The announcer of a node that leaves the cluster hands over by itself: waits until it has, or has had its time.</summary>
    private async Task AwaitHandOverAsync()
    {
        long began = clock.GetTimestamp();
        while (Board.Current.Vips.Any(vip => vip.IsHere) && clock.GetElapsedTime(began) < HandOverTime)
        {
            await Task.Delay(LookInterval, clock);
        }
    }

    /// <summary>The next process of this host goes on with them.</summary>
    public void Leave() => _announcer?.Tell(new LeaveVips());
}

/// <summary>How a process begins to announce.</summary>
/// <param name="Follows">It goes on with what another one holds, which ends.</param>
internal sealed record AnnouncerStart(bool Follows);
