using Lb.Kernel.Layout;
using Lb.Kernel.Maps;

namespace Lb.Kernel.Datapath;

/// <summary>The backends by index; index 0 stands for none.</summary>
internal sealed class BackendMap(ArrayMap<BackendValue> map) : IDisposable
{
    public int Capacity => map.Capacity;

    public Dictionary<uint, BackendEntry> Read()
    {
        BackendValue[] values = map.ReadAll();
        var entries = new Dictionary<uint, BackendEntry>();
        for (uint index = 1; index < values.Length; index++)
        {
            if (values[index].InUse)
            {
                entries.Add(index, values[index].ToEntry());
            }
        }

        return entries;
    }

    /// <summary>One backend; null for an index out of range, and for one that is not in use.</summary>
    public BackendEntry? Find(uint index) =>
        index > 0 && index < (uint)Capacity && map[index] is { InUse: true } value ? value.ToEntry() : null;

    public void Write(uint index, BackendEntry entry)
    {
        ArgumentOutOfRangeException.ThrowIfZero(index);
        map[index] = BackendValue.From(entry);
    }

    public void Delete(uint index)
    {
        ArgumentOutOfRangeException.ThrowIfZero(index);
        map[index] = default;
    }

    public void Dispose() => map.Dispose();
}
