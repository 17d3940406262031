using Akka.Actor;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>From the kernel's numbers to what is equal on all nodes, and the flush before something ends.</summary>
internal sealed partial class SharingActor
{
    private static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(2);

    /// <summary>Entries that name what the bridge has not told of yet.</summary>
    private const int MostUnnamed = 16_384;

    private readonly List<(IActorRef Asker, long Until)> _flushes = [];
    private readonly Dictionary<uint, (ulong Name, Endpoint Vip)> _serviceNames = [];
    private readonly Dictionary<uint, ulong> _backendNames = [];
    private List<FlowNews> _unnamed = [];

    private void OnNames(KernelNames names)
    {
        _serviceNames.Clear();
        _backendNames.Clear();
        foreach ((uint id, NamedService service) in names.Services)
        {
            _serviceNames[id] = (VoteHash.Of(service.Vip), service.Vip);
        }

        foreach ((uint index, NamedBackend backend) in names.Backends)
        {
            _backendNames[index] = VoteHash.Of(backend.Socket);
        }

        List<FlowNews> waiting = _unnamed;
        _unnamed = [];
        Tell(waiting, keep: false);
    }

    private void OnNews(NewsBatch batch)
    {
        Tell(batch.Records, keep: true);
        if (batch.Lost > 0)
        {
            _lost += (long)batch.Lost;
            _log.NewsLost(batch.Lost);
            Carry(_book.OnNewsLost);
        }

        _dealt?.Invoke();
    }

    private void Tell(IReadOnlyList<FlowNews> records, bool keep)
    {
        if (!_shares || records.Count == 0)
        {
            return;
        }

        List<SharedFlow> named = new(records.Count);
        foreach (FlowNews record in records)
        {
            if (_serviceNames.TryGetValue(record.Service, out (ulong Name, Endpoint Vip) service)
                && _backendNames.TryGetValue(record.Backend, out ulong backend))
            {
                SharedFlow flow = new(
                    service.Name,
                    backend,
                    record.Flow.Source,
                    record.Flow.SourcePort,
                    TimeSpan.Zero,
                    record.Kind == FlowNewsKind.Opened);
                named.Add(flow.Asking(record.Flow, service.Vip));
            }
            else if (keep && _unnamed.Count < MostUnnamed)
            {
                _unnamed.Add(record);
            }
        }

        Carry(now => _book.OnNews(named, now));
    }

    private void OnFlush()
    {
        _flushes.Add((Sender, _context.Now + FlushTime.Ticks));
        Carry(_book.Hurry);
        CheckFlush();
    }

    private void CheckFlush()
    {
        if (_flushes.Count == 0)
        {
            return;
        }

        bool done = _book.IsFlushed;
        foreach ((IActorRef asker, _) in _flushes.Where(flush => done || _context.Now >= flush.Until).ToArray())
        {
            asker.Tell(new SharingFlushed(done));
        }

        _flushes.RemoveAll(flush => done || _context.Now >= flush.Until);
    }
}
