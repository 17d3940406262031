using System.Net.Sockets;
using Lb.Kernel.Layout;
using Lb.Kernel.Maps;

namespace Lb.Kernel.Datapath;

/// <summary>A map whose entries are counted.</summary>
internal interface ICountedMap : IDisposable
{
    /// <summary>How many are there.</summary>
    long Count();

    /// <summary>How many it has room for.</summary>
    long Room { get; }

    /// <summary>Entries that this object added and took out.</summary>
    FlowTurnover Turnover { get; }
}

/// <summary>How full the maps of flows are, and what the kernel evicted from them.</summary>
internal sealed class FlowCountMaps : IDisposable
{
    private readonly Lock _lock = new();
    private readonly PerCpuArray<FlowCountsValue> _counts;
    private readonly Table[] _tables;

    public FlowCountMaps(PerCpuArray<FlowCountsValue> counts, IEnumerable<KeyValuePair<FlowTable, ICountedMap>> maps)
    {
        _counts = counts;
        _tables = [.. maps.OrderBy(map => map.Key).Select(map => new Table(map.Key, map.Value, new FlowBalance()))];
    }

    /// <summary>Counts all entries; any thread may.</summary>
    public IReadOnlyList<FlowTableUse> Read()
    {
        lock (_lock)
        {
            return [.. _tables.Select(Read)];
        }
    }

    public void Dispose() => _counts.Dispose();

    private FlowTableUse Read(Table table)
    {
        FlowTurnover before = Turnover(table);
        long entries = table.Map.Count();
        table.Balance.Take(before, entries, Turnover(table));
        return new FlowTableUse(
            table.Number is FlowTable.Flows4 or FlowTable.Pending4 or FlowTable.Clients4
                ? AddressFamily.InterNetwork
                : AddressFamily.InterNetworkV6,
            KindOf(table.Number),
            entries,
            table.Map.Room,
            table.Balance.Evicted);
    }

    private static FlowTableKind KindOf(FlowTable table) => table switch
    {
        FlowTable.Flows4 or FlowTable.Flows6 => FlowTableKind.Established,
        FlowTable.Pending4 or FlowTable.Pending6 => FlowTableKind.Pending,
        _ => FlowTableKind.Clients,
    };

    /// <summary>What packets and this process did to a map.</summary>
    private FlowTurnover Turnover(Table table)
    {
        FlowCountsValue[] cpus = _counts.Read((uint)table.Number);
        FlowTurnover own = table.Map.Turnover;
        return new FlowTurnover(
            own.In + cpus.Sum(cpu => (long)cpu.Made), own.Out + cpus.Sum(cpu => (long)cpu.Removed));
    }

    private sealed record Table(FlowTable Number, ICountedMap Map, FlowBalance Balance);
}
