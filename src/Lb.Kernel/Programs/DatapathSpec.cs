using Lb.Kernel.Datapath;
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
    internal BpfObject Open(ILogger logger) => Open(EmbeddedObject.Read(EmbeddedObject.Xdp), logger);

    /// <summary>The same of any release's object.</summary>
    internal BpfObject Open(ReadOnlySpan<byte> elf, ILogger logger)
    {
        var opened = BpfObject.Open(elf, EmbeddedObject.Xdp, logger);
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
}
