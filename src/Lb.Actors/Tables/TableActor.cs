using System.Collections.Immutable;
using Akka.Actor;
using Lb.Kernel;
using Microsoft.Extensions.Logging;

namespace Lb.Actors;

/// <summary>
/// Owns the slots of one service: builds generations, has the kernel bridge write them, and lets sweeps make moved
/// slots clean. It begins with what the kernel holds, also after a crash of its own.
/// </summary>
internal sealed class TableActor : ReceiveActor
{
    private readonly SiteContext _context;
    private readonly IActorRef _bridge;
    private readonly Endpoint _vip;
    private readonly ILogger _log;
    private bool _adopted;
    private DesiredService? _held;
    private Generation? _generation;
    private TableHistory _history = TableHistory.Empty;
    private ImmutableArray<TableCause> _causes = [];

    public TableActor(SiteContext context, IActorRef bridge, Endpoint vip)
    {
        _context = context;
        _bridge = bridge;
        _vip = vip;
        _log = context.Loggers.CreateLogger<TableActor>();
        Receive<Adopted>(OnAdopted);
        Receive<BuildTable>(OnBuild);
        Receive<SettleSlots>(OnSettle);
        Receive<TakeSlots>(OnTake);
        Receive<ResendService>(_ => Send());
        Receive<ServiceWritten>(written => Context.Parent.Forward(written));
        Receive<ServiceNotWritten>(missing => Context.Parent.Forward(missing));
    }

    protected override void PreStart() => _bridge.Tell(new Adopt(_vip));

    private void OnAdopted(Adopted adopted)
    {
        _adopted = true;
        _held = adopted.Held;
        Context.Parent.Tell(new TableReady(adopted.Held));
    }

    private void OnBuild(BuildTable build)
    {
        _causes = _causes.AddRange(build.Causes);
        if (!_adopted)
        {
            // The parent builds again once it hears what the kernel holds.
            return;
        }

        ServiceConfig config = build.State.Config;
        if (_generation is null && _held is { } held)
        {
            _generation = Generation.Adopt(build.State, held, _context.Now);
            _history = TableHistory.Adopt(_generation, _context.Clock.GetUtcNow());
            TableState table = _generation.Table;
            _log.ServiceAdopted(config.Name, _vip, table.Slots.Length, table.Moved, _generation.Digest);
        }

        Generation? last = _generation;
        _generation = Generation.Next(last, build.State, _context.Now, build.Course);
        if (!ReferenceEquals(last?.Desired, _generation.Desired))
        {
            _history = _history.After(last, _generation, _context.Clock.GetUtcNow(), _causes);
        }

        _causes = [];
        int before = last?.Table.Slots.Length ?? 0;
        int after = _generation.Table.Slots.Length;
        if (before > 0 && after > 0 && before != after)
        {
            _log.TableResized(config.Name, before, after);
        }

        // The first one is sent in any case: the bridge waits for a word from each service.
        if (ReferenceEquals(last?.Desired, _generation.Desired) && _held is null)
        {
            Publish();
            return;
        }

        _held = null;
        Send();
        Publish();
        _log.GenerationBuilt(
            config.Name, _generation.Desired.Revision, after, _generation.Table.Moved, _generation.Digest);
    }

    private void OnSettle(SettleSlots settle)
    {
        if (_generation is null || _generation.Desired.Revision != settle.Revision)
        {
            return;
        }

        Follow(
            _generation.Settle(settle.Clean, settle.WindowOver),
            new TableCause.Swept(settle.Clean.Length, settle.WindowOver.Length));
    }

    private void OnTake(TakeSlots take)
    {
        bool holds = _generation is not null && _generation.Desired.Revision == take.Revision;
        Sender.Tell(new SlotsTaken(holds));
        if (holds)
        {
            Follow(_generation!.Take(take.Changes), new TableCause.Taken(take.Changes.Length));
        }
    }

    private void Follow(Generation next, TableCause cause)
    {
        _history = _history.After(_generation, next, _context.Clock.GetUtcNow(), [cause]);
        _generation = next;
        Send();
        Publish();
    }

    private void Send()
    {
        if (_generation is not null)
        {
            _bridge.Tell(new ApplyService(_generation.Desired));
        }
    }

    private void Publish() => Context.Parent.Tell(new GenerationBuilt(_generation!, _history));
}
