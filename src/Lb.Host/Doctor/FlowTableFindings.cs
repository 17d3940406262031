using System.Collections.Immutable;
using System.Globalization;
using Lb.Actors;
using Lb.Host.Api;
using Lb.Kernel;

namespace Lb.Host.Doctor;

/// <summary>What a running node tells of its room for tracked flows.</summary>
internal static class FlowTableFindings
{
    private const string Evicts = "flow-table-evicts";

    /// <summary>The codes that there are.</summary>
    public static ImmutableArray<string> Codes { get; } = [Evicts];

    /// <summary>Tables of flows and clients that gave up flows lately.</summary>
    public static IEnumerable<Finding> Of(ServicesSnapshot site) =>
        site.Kernel.FlowTables.Where(table => table.Lately > 0).Select(Of);

    private static Finding Of(FlowTablePressure table)
    {
        FlowTableUse use = table.Use;
        string name = FlowTableWords.What(use);
        return Finding.Warning(
            Evicts,
            name,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The table of {name} has room for {use.Room} and holds {use.Entries}; between the last two self-checks the kernel gave up {table.Lately} to make room."),
            use.Kind == FlowTableKind.Clients
                ? "New flows of a client without its entry go by the table alone: where that has changed, to another backend."
                : "A flow without its entry goes by its slot alone: where that has changed, it moves to another backend, which resets it.",
            use.Kind switch
            {
                FlowTableKind.Pending =>
                    "a flood of SYNs does this without harm to established flows; else raise lb.kernel.max-flows, of which this table is a quarter",
                FlowTableKind.Established => "raise lb.kernel.max-flows, or use tracking = minimal where a service has full",
                _ => "raise lb.kernel.max-clients, or shorten the affinity-timeout of services",
            });
    }
}
