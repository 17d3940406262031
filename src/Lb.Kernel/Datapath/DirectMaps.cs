using System.Net;
using System.Net.Sockets;
using Lb.Kernel.Layout;
using Lb.Kernel.Maps;

namespace Lb.Kernel.Datapath;

/// <summary>The prefixes whose traffic with nat backends is left alone.</summary>
internal sealed class DirectMaps(LpmTrie<PrefixKey4> v4, LpmTrie<PrefixKey6> v6) : IDisposable
{
    public HashSet<IPNetwork> Read() =>
        [.. v4.ReadAll().Select(key => key.ToNetwork()), .. v6.ReadAll().Select(key => key.ToNetwork())];

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
            v4.Add(PrefixKey4.From(prefix));
        }
        else
        {
            v6.Add(PrefixKey6.From(prefix));
        }
    }

    private void Delete(IPNetwork prefix) =>
        _ = IsIPv4(prefix) ? v4.Delete(PrefixKey4.From(prefix)) : v6.Delete(PrefixKey6.From(prefix));
}
