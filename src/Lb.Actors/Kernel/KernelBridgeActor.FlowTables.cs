using System.Collections.Immutable;
using System.Net.Sockets;
using Akka.Actor;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>How full a map of flows is, and whether it gives up flows.</summary>
/// <param name="Use">As it was counted last.</param>
/// <param name="Lately">Flows that it gave up between the last two counts.</param>
public sealed record FlowTablePressure(FlowTableUse Use, long Lately);

/// <summary>The bridge's watch on the room for flows: the kernel tells nobody when it evicts one.</summary>
internal sealed partial class KernelBridgeActor
{
    private ImmutableArray<FlowTablePressure> _flowTables = [];
    private bool _counting;

    /// <summary>Off the actor's thread: a million entries take a while to count.</summary>
    private void CountFlows()
    {
        if (_counting)
        {
            return;
        }

        _counting = true;
        _ = Task.Run(_datapath.CountFlows).PipeTo(
            Self, Self, tables => new FlowsCounted([.. tables]), reason => new FlowsNotCounted(reason.Message));
    }

    private void OnFlowsCounted(FlowsCounted counted)
    {
        _counting = false;
        _flowTables = [.. counted.Tables.Select(use => new FlowTablePressure(use, use.Evicted - EvictedBefore(use)))];
        foreach ((FlowTableUse use, long lately) in _flowTables.Where(table => table.Lately > 0))
        {
            _log.FlowsEvicted(
                lately,
                use.Pending ? "half-open" : "established",
                use.Family == AddressFamily.InterNetwork ? "IPv4" : "IPv6",
                use.Room);
        }
    }

    private void OnFlowsNotCounted(FlowsNotCounted failed)
    {
        _counting = false;
        _log.FlowsNotCounted(failed.Reason);
    }

    private long EvictedBefore(FlowTableUse use) => _flowTables
        .Where(table => table.Use.Family == use.Family && table.Use.Pending == use.Pending)
        .Select(table => table.Use.Evicted)
        .FirstOrDefault();

    private sealed record FlowsCounted(ImmutableArray<FlowTableUse> Tables);

    private sealed record FlowsNotCounted(string Reason);
}
