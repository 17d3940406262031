using System.Collections.Immutable;
using Akka.Actor;

namespace Lb.Actors;

/// <summary>Asks which config other nodes go by. Answered by <see cref="ConfigNodes"/>.</summary>
public sealed record GetConfigNodes;

/// <summary>Which config the nodes of a cluster go by, as one of them knows it.</summary>
/// <param name="Self">That one, as it tells the others; null for a node that is alone.</param>
/// <param name="Nodes">The others that were heard in the last seconds.</param>
public sealed record ConfigNodes(ConfigNode? Self, ImmutableArray<ConfigNode> Nodes)
{
    /// <summary>The highest revision that one of them has.</summary>
    public long Newest => Nodes.Append(Self).Max(node => node?.Revision ?? 0);

    /// <summary>All, this one first.</summary>
    public IEnumerable<ConfigNode> All => Self is null ? [] : Nodes.Prepend(Self);

    /// <summary>Those that do not have the newest revision in force.</summary>
    public IEnumerable<ConfigNode> Behind => All.Where(node => node.Revision < Newest);
}

/// <summary>Which config a node goes by.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Revision">Revision in force; 0 when it goes by its file alone.</param>
/// <param name="IsAway">It cannot use the journal.</param>
/// <param name="HasOtherFile">Its file is not the one that was applied last.</param>
public sealed record ConfigNode(string Address, long Revision, bool IsAway, bool HasOtherFile);

/// <summary>What this node has to tell now.</summary>
internal sealed record TellConfig(ConfigHello Hello);

/// <summary>What another node has told.</summary>
internal sealed record ConfigHeard(string From, ConfigHello Hello);

/// <summary>
/// Tells the others at once when this node has another config in force, and once a second in any case: messages get
/// lost. Tells the site what others say. Understands <see cref="TellConfig"/> and <see cref="GetConfigNodes"/>.
/// </summary>
internal sealed class ConfigNewsActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <summary>How long what a node said is shown.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private readonly SiteContext _context;
    private readonly IConfigPeers _peers;
    private readonly Dictionary<string, (ConfigHello Hello, long At)> _heard = new(StringComparer.Ordinal);
    private ConfigHello _own = new(0, 0, Guid.Empty, 0, IsAway: false, HasOtherFile: false);

    public ConfigNewsActor(SiteContext context, IConfigPeers peers)
    {
        _context = context;
        _peers = peers;
        Receive<TellConfig>(OnTell);
        Receive<ConfigHeard>(OnHeard);
        Receive<Say>(_ => SayToAll());
        Receive<GetConfigNodes>(_ => Sender.Tell(new ConfigNodes(
            Node(peers.Self, _own),
            [
                .. _heard.Where(heard => _context.Now - heard.Value.At < Fresh.Ticks)
                    .OrderBy(heard => heard.Key, StringComparer.Ordinal)
                    .Select(heard => Node(heard.Key, heard.Value.Hello)),
            ])));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        IActorRef self = Self;
        _peers.Listen((from, bytes) =>
        {
            if (ConfigHello.Read(bytes.Span) is { } hello)
            {
                self.Tell(new ConfigHeard(from, hello));
            }
        });
        Timers.StartPeriodicTimer(Say.Instance, Say.Instance, Pace, Pace);
    }

    private static ConfigNode Node(string address, ConfigHello hello) =>
        new(address, hello.Revision, hello.IsAway, hello.HasOtherFile);

    private void OnTell(TellConfig tell)
    {
        if (tell.Hello != _own)
        {
            _own = tell.Hello;
            SayToAll();
        }
    }

    private void OnHeard(ConfigHeard heard)
    {
        _heard[heard.From] = (heard.Hello, _context.Now);
        Context.Parent.Tell(heard);
    }

    private void SayToAll()
    {
        foreach (string gone in _heard.Where(heard => _context.Now - heard.Value.At >= Fresh.Ticks).Select(h => h.Key).ToArray())
        {
            _heard.Remove(gone);
        }

        byte[] bytes = _own.Write();
        foreach (string other in _peers.Others)
        {
            _peers.Send(other, bytes);
        }
    }

    private sealed record Say
    {
        public static readonly Say Instance = new();
    }
}
