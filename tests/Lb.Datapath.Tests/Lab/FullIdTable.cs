using Lb.Datapath.Tests.Model;
using Lb.Kernel;
using Lb.Kernel.Maps;
using Lb.Kernel.Programs;

namespace Lb.Datapath.Tests.Lab;

/// <summary>The counters of identifications, none of which begins anywhere: the model knows what comes.</summary>
internal sealed class FullIdTable(BpfObject opened) : IDisposable
{
    private readonly ArrayMap<uint> _counters = new(MapNames.FullIds, opened.TakeMap(MapNames.FullIds));

    /// <summary>Makes the counters have what a world's have.</summary>
    public void Write(Dictionary<uint, uint> wanted)
    {
        uint[] there = _counters.ReadAll();
        for (uint counter = 0; counter < there.Length; counter++)
        {
            uint next = wanted.GetValueOrDefault(counter, World.FirstId);
            if (there[counter] != next)
            {
                _counters[counter] = next;
            }
        }
    }

    public void Dispose() => _counters.Dispose();
}
