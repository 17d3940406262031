using Lb.Kernel.Datapath;
using Lb.Kernel.Handles;
using Lb.Kernel.Interop;
using Lb.Kernel.Layout;
using Lb.Kernel.Maps;
using Lb.Kernel.Programs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lb.Kernel;

/// <summary>The data plane before it is in the kernel: the object with the sizes of its maps.</summary>
/// <param name="sizes">Sizes of the maps.</param>
/// <param name="insertRate">Flow entries that a CPU may create in a second.</param>
public sealed class DatapathSpec(MapSizes sizes, int insertRate)
{
    /// <summary>Loads it with maps of its own, attached to nothing: for tests and measurements.</summary>
    public LoadedDatapath Load(ILogger? logger = null)
    {
        KernelRequirements.Check();
        using BpfObject opened = Open(logger ?? NullLogger.Instance);
        opened.Load();
        var loaded = new LoadedDatapath(opened);
        loaded.Sign(InsertsPerTick);
        return loaded;
    }

    /// <summary>What the insert rate is in the unit of the programs.</summary>
    internal uint InsertsPerTick => Tick.PerTick(insertRate);

    /// <summary>Opens the object and sizes its maps.</summary>
    internal BpfObject Open(ILogger logger)
    {
        var opened = BpfObject.Open(EmbeddedObject.Read(EmbeddedObject.Xdp), EmbeddedObject.Xdp, logger);
        try
        {
            foreach ((string name, MapSpec map) in opened.Maps)
            {
                if (sizes.EntriesOf(name) is { } entries)
                {
                    map.Resize(name, entries);
                }
            }

            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Refuses a pinned map that this version cannot use.</summary>
    internal static void CheckAdoptable(string name, MapSpec wanted, Descriptor pinned)
    {
        MapInfo info = BpfMap.Describe(pinned, name);
        if (wanted.DifferenceFrom(info) is { } difference)
        {
            throw CannotAdopt(name, difference);
        }

        if (name != MapNames.Node)
        {
            return;
        }

        using var node = new NodeMap(new ArrayMap<NodeValue>(name, Descriptor.Duplicate(pinned.Value, $"dup({name})")));
        if (node.Layout != LayoutConstant.Version)
        {
            throw CannotAdopt(
                name, $"its layout is version {(uint)node.Layout} where {(uint)LayoutConstant.Version} is needed");
        }
    }

    internal static KernelException CannotAdopt(string name, string why) => new(
        $"The pinned map {name} cannot be adopted: {why}.",
        "Set lb.kernel back to the sizes of the running state, or remove that state with lbd --cleanup, which ends its "
        + "flows.");
}
