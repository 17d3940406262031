using System.Collections.Immutable;
using Akka.Actor;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>The bridge's part in sweeps: one read of the flow tables for all that ask, and the purge of what is gone.</summary>
internal sealed partial class KernelBridgeActor
{
    private readonly List<(Endpoint Vip, IActorRef Asker)> _askers = [];

    private void OnGetFlows(GetFlows get)
    {
        if (_askers.Count == 0)
        {
            // Whoever else asks by then shares one read.
            Self.Tell(ReadFlows.Instance);
        }

        _askers.Add((get.Vip, Sender));
    }

    private void OnReadFlows()
    {
        try
        {
            IReadOnlyList<FlowRecord> flows = _datapath.ReadFlows();
            Purge(flows);
            ILookup<uint, FlowRecord> byService = flows.ToLookup(flow => flow.Service);
            foreach ((Endpoint vip, IActorRef asker) in _held is null ? [] : _askers)
            {
                if (_ledger.Services.TryGetValue(vip, out LedgerService? service))
                {
                    asker.Tell(FlowTranslation.Of(service, byService[service.Id]));
                }
            }

            PurgeLater();
        }
        catch (Exception reason)
        {
            Fail("read flows", reason);
        }

        _askers.Clear();
    }

    /// <summary>A handful of look-ups, whatever the maps hold.</summary>
    private void OnTraceFlow(TraceFlow trace)
    {
        try
        {
            FlowTrace traced = _datapath.TraceFlow(trace.Flow);
            Sender.Tell(new FlowTraced(
                traced,
                traced.Service is { } service && service.Id < (uint)_datapath.ServiceLimit
                    ? _datapath.ReadServiceTraffic(service.Id)
                    : default,
                traced.Backends.Keys.ToImmutableDictionary(index => index, _datapath.ReadBackendTraffic),
                [.. _datapath.Attachments]));
        }
        catch (Exception reason)
        {
            Fail("read a flow", reason);
            Sender.Tell(new KernelUnavailable(reason.Message));
        }
    }

    /// <summary>
    /// Off the actor's thread: to count a million flows takes long, and failovers must not wait for it. The read changes
    /// nothing and keeps no more flows than are asked for; names come from the ledger of this moment, which is immutable.
    /// </summary>
    private void OnListFlows(ListFlows list)
    {
        KernelLedger ledger = _ledger;
        IDatapath datapath = _datapath;
        uint? id = null;
        if (list.Vip is { } vip)
        {
            if (!ledger.Ids.InUse.TryGetValue(vip, out uint known))
            {
                Sender.Tell(new FlowList(0, 0, 0, []));
                return;
            }

            id = known;
        }

        _ = Task.Run(() => FlowTranslation.ListOf(datapath.SampleFlows(id, list.Limit), ledger))
            .PipeTo(Sender, Self, failure: reason => new KernelUnavailable(reason.Message));
    }

    private void OnDeleteFlows(DeleteFlows delete)
    {
        try
        {
            _log.FlowsForgotten(_datapath.DeleteFlows(delete.Flows));
        }
        catch (Exception reason)
        {
            Fail("delete flows", reason);
        }
    }

    private void Purge(IReadOnlyList<FlowRecord> flows)
    {
        if (_held is null)
        {
            // A write that failed may have left a table that names what the ledger has released: nothing is freed.
            return;
        }

        KernelLedger purged = FlowPurge.Plan(
            _ledger,
            flows,
            MayHaveClients ? _datapath.ReadClients() : [],
            _context.Now,
            out ImmutableArray<Flow> stale,
            out ImmutableArray<KeptClient> staleClients);
        if (!stale.IsEmpty)
        {
            _log.FlowsForgotten(_datapath.DeleteFlows(stale));
        }

        if (!staleClients.IsEmpty)
        {
            _log.ClientsForgotten(_datapath.DeleteClients(staleClients));
        }

        if (!ReferenceEquals(purged.Backends, _ledger.Backends))
        {
            // The freed entries leave the kernel with the next write.
            FlushSoon();
        }

        _ledger = purged;
    }

    private void PurgeLater()
    {
        bool resting = _ledger.Ids.HasResting || _ledger.Backends.HasResting;
        if (_config is not null && resting && !Timers.IsTimerActive("purge"))
        {
            Timers.StartSingleTimer("purge", ReadFlows.Instance, _config.PurgeInterval);
        }
    }

    private sealed record ReadFlows
    {
        public static readonly ReadFlows Instance = new();
    }
}
