using System.Collections.Immutable;
using Akka.Actor;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>The bridge's part in sharing flows with other nodes: writes what they tell, and reads what they are to have.</summary>
internal sealed partial class KernelBridgeActor
{
    /// <summary>Entries that name a service or a backend that is not there yet: this node's table may be a moment behind.</summary>
    private const int MostEarly = 50_000;

    private static readonly TimeSpan EarlyTime = TimeSpan.FromSeconds(30);

    private readonly Queue<(SharedFlow Flow, long At)> _early = new();

    // Null until it is said: what the kernel has stays.
    private bool? _shared;
    private SharedNames? _sharedNames;

    private SharedNames SharedNames => _sharedNames is { } names && ReferenceEquals(names.Ledger, _ledger)
        ? names
        : _sharedNames = new SharedNames(_ledger);

    private void OnShareFlows(ShareFlows share)
    {
        if (_shared != share.On)
        {
            _shared = share.On;
            FlushSoon();
        }
    }

    private void OnTellKernelNames()
    {
        _namedLedger = null;
        if (_config is not null)
        {
            TellNames();
        }
    }

    private void OnWriteShared(WriteShared write)
    {
        WriteEntries(write.Entries, late: false);
        Sender.Tell(new SharedWritten(write.Receipt));
    }

    /// <summary>Those that had nothing to name at first.</summary>
    private void WriteEarly()
    {
        if (_early.Count == 0)
        {
            return;
        }

        (SharedFlow Flow, long At)[] waiting = [.. _early.Where(early => _context.Now - early.At < EarlyTime.Ticks)];
        _early.Clear();
        WriteEntries([.. waiting.Select(early => early.Flow)], late: true);
        foreach ((SharedFlow Flow, long At) early in waiting.Where(early => SharedNames.Find(early.Flow) is null))
        {
            _early.Enqueue(early);
        }
    }

    private void WriteEntries(ImmutableArray<SharedFlow> entries, bool late)
    {
        if (entries.IsEmpty)
        {
            return;
        }

        List<FlowCopy> copies = new(entries.Length);
        foreach (SharedFlow entry in entries)
        {
            if (SharedNames.Find(entry) is { } copy)
            {
                copies.Add(copy);
            }
            else if (!late && _early.Count < MostEarly)
            {
                _early.Enqueue((entry, _context.Now));
            }
        }

        try
        {
            _datapath.WriteFlows(copies);
        }
        catch (Exception reason)
        {
            Fail("write flows of other nodes", reason);
        }
    }

    /// <summary>Off the actor's thread, as any count of flows; names come from the ledger of this moment.</summary>
    private void OnReadShared(ReadShared read)
    {
        SharedNames names = SharedNames;
        IDatapath datapath = _datapath;
        _ = Task.Run(() => new SharedRead(
                read.For, read.Session, [.. datapath.SampleFlows(null, int.MaxValue).Flows
                    // What another node sends from this one's address nobody would answer to it.
                    .Where(flow => flow.SentFrom is null)
                    .Select(names.Name).OfType<SharedFlow>()]))
            .PipeTo(Sender, Self, failure: _ => new SharedRead(read.For, read.Session, []));
    }
}
