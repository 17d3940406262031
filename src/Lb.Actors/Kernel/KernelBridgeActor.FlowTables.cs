using System.Collections.Immutable;
using System.Net.Sockets;
using Akka.Actor;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>How full a map of flows is, and whether it gives up flows.</summary>
/// <param name="Use">As it was counted last.</param>
/// <param name="Lately">Flows that it gave up between the last two counts.</param>
public sealed record FlowTablePressure(FlowTableUse Use, long Lately);

/// <summary>
/// The bridge's watch on the room for flows and clients: the kernel tells nobody when it evicts one. Clients whose time is
/// over make room before they are counted.
/// </summary>
internal sealed partial class KernelBridgeActor
{
    private ImmutableArray<FlowTablePressure> _flowTables = [];
    private bool _counting;

    /// <summary>Read also while an index rests: it is given out again only when no client keeps it.</summary>
    private bool MayHaveClients => _ledger.Ids.HasResting || _ledger.Backends.HasResting || ClientTimeouts().Count > 0
        || _flowTables.IsEmpty || _flowTables.Any(table => table.Use is { Kind: FlowTableKind.Clients, Entries: > 0 });

    /// <summary>Off the actor's thread: a million entries take a while to count.</summary>
    private void CountFlows()
    {
        if (_counting)
        {
            return;
        }

        _counting = true;
        IDatapath datapath = _datapath;
        Dictionary<uint, uint>? timeouts = MayHaveClients ? ClientTimeouts() : null;
        _ = Task.Run(() => Count(datapath, timeouts)).PipeTo(
            Self, Self, tables => new FlowsCounted([.. tables]), reason => new FlowsNotCounted(reason.Message));
    }

    private static IReadOnlyList<FlowTableUse> Count(IDatapath datapath, Dictionary<uint, uint>? timeouts)
    {
        KeptClient[] over = timeouts is null
            ? []
            : [.. datapath.ReadClients().Where(client => client.Idle > timeouts.GetValueOrDefault(client.Service))];
        if (over.Length > 0)
        {
            datapath.DeleteClients(over);
        }

        return datapath.CountFlows();
    }

    /// <summary>Ticks that clients keep their backend for, by the id of their service.</summary>
    private Dictionary<uint, uint> ClientTimeouts() => _ledger.Services.Values
        .Where(service => service.Desired.AffinityTicks > 0)
        .ToDictionary(service => service.Id, service => service.Desired.AffinityTicks);

    private void OnFlowsCounted(FlowsCounted counted)
    {
        _counting = false;
        _flowTables = [.. counted.Tables.Select(use => new FlowTablePressure(use, use.Evicted - EvictedBefore(use)))];
        foreach ((FlowTableUse use, long lately) in _flowTables.Where(table => table.Lately > 0))
        {
            string family = use.Family == AddressFamily.InterNetwork ? "IPv4" : "IPv6";
            if (use.Kind == FlowTableKind.Clients)
            {
                _log.ClientsEvicted(lately, family, use.Room);
            }
            else
            {
                _log.FlowsEvicted(lately, use.Kind == FlowTableKind.Pending ? "half-open" : "established", family, use.Room);
            }
        }
    }

    private void OnFlowsNotCounted(FlowsNotCounted failed)
    {
        _counting = false;
        _log.FlowsNotCounted(failed.Reason);
    }

    private long EvictedBefore(FlowTableUse use) => _flowTables
        .Where(table => table.Use.Family == use.Family && table.Use.Kind == use.Kind)
        .Select(table => table.Use.Evicted)
        .FirstOrDefault();

    private sealed record FlowsCounted(ImmutableArray<FlowTableUse> Tables);

    private sealed record FlowsNotCounted(string Reason);
}
