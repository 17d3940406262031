using System.Net;
using System.Net.Sockets;
using Lb.Kernel.Layout;
using Lb.Kernel.Maps;

namespace Lb.Kernel.Datapath;

/// <summary>The prefixes whose traffic with nat backends is left alone.</summary>
internal sealed class DirectMaps(LpmTable<PrefixKey4> v4, LpmTable<PrefixKey6> v6) : IDisposable
{
    /// <summary>The value of every prefix; it means nothing, a prefix is there or not.</summary>
    private const uint Present = 1;

    public HashSet<IPNetwork> Read() =>
        [.. v4.ReadKeys().Select(key => key.ToNetwork()), .. v6.ReadKeys().Select(key => key.ToNetwork())];

    public void Write(IReadOnlySet<IPNetwork> wanted)
    {
        HashSet<IPNetwork> there = Read();
        var added = new List<IPNetwork>();
        try
        {
            foreach (IPNetwork prefix in wanted.Except(there))
            {
                Add(prefix);
                added.Add(prefix);
            }
        }
        catch (KernelException)
        {
            added.ForEach(Delete);
            throw;
        }

        foreach (IPNetwork prefix in there.Except(wanted))
        {
            Delete(prefix);
        }
    }

    public void Dispose()
    {
        v4.Dispose();
        v6.Dispose();
    }

    private static bool IsIPv4(IPNetwork prefix) =>
        prefix.BaseAddress.AddressFamily == AddressFamily.InterNetwork;

    private void Add(IPNetwork prefix)
    {
        if (IsIPv4(prefix))
        {
            v4.Set(PrefixKey4.From(prefix), Present);
        }
        else
        {
            v6.Set(PrefixKey6.From(prefix), Present);
        }
    }

    private void Delete(IPNetwork prefix) =>
        _ = IsIPv4(prefix) ? v4.Delete(PrefixKey4.From(prefix)) : v6.Delete(PrefixKey6.From(prefix));
}
