using System.Net;
using Lb.Kernel.Handles;
using Lb.Kernel.Interop;
using Lb.Kernel.Layout;
using Lb.Kernel.Maps;
using Lb.Kernel.Tests.Fixtures;

namespace Lb.Kernel.Tests.Maps;

[Collection(KernelCollection.Name)]
public sealed class HashMapTests
{
    private static readonly EndpointKey4 Key =
        EndpointKey4.From(new Endpoint(IPAddress.Parse("192.0.2.1"), 80, TransportProtocol.Tcp));

    [RootFact]
    public void Elements_are_set_read_and_deleted()
    {
        using HashMap<EndpointKey4, ulong> map = Create<EndpointKey4, ulong>(4);

        Assert.False(map.TryGet(Key, out _));
        map.Set(Key, 5);
        Assert.True(map.TryGet(Key, out ulong value));
        Assert.Equal(5UL, value);
        Assert.True(map.Delete(Key));
        Assert.False(map.Delete(Key));
        Assert.Empty(map.ReadAll());
    }

    [RootTheory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(10_000)]
    public void All_elements_are_read_over_as_many_batches_as_it_takes(int count)
    {
        using HashMap<uint, ulong> map = Create<uint, ulong>(count);
        for (uint key = 0; key < count; key++)
        {
            map.Set(key, key * 3UL);
        }

        List<KeyValuePair<uint, ulong>> all = map.ReadAll();

        Assert.Equal(count, all.Count);
        Assert.All(all, element => Assert.Equal(element.Key * 3UL, element.Value));
        Assert.Equal(count, all.Select(element => element.Key).Distinct().Count());
    }

    [RootFact]
    public void Keys_are_deleted_in_batches_whichever_of_them_are_there()
    {
        using HashMap<uint, ulong> map = Create<uint, ulong>(8);
        foreach (uint key in (uint[])[1, 2, 4, 5, 8])
        {
            map.Set(key, 0);
        }

        bool[] found = new bool[6];
        map.DeleteAll([0, 1, 2, 3, 4, 9], found);

        Assert.Equal([false, true, true, false, true, false], found);
        Assert.Equal([5u, 8u], map.ReadAll().Select(element => element.Key).Order());
    }

    [RootFact]
    public void Full_map_says_so_with_its_name()
    {
        using HashMap<uint, ulong> map = Create<uint, ulong>(1);
        map.Set(1, 1);

        KernelException refused = Assert.Throws<KernelException>(() => map.Set(2, 2));

        Assert.Equal(("bpf_map_update_elem(lb_test)", "E2BIG"), (refused.Call, refused.ErrnoName));
        Assert.Contains("full at 1 entries", refused.Mend, StringComparison.Ordinal);
    }

    [RootFact]
    public unsafe void Map_of_other_sizes_is_refused()
    {
        using Descriptor descriptor = CreateRaw(sizeof(uint), sizeof(uint), 1);

        InvalidOperationException refused = Assert.Throws<InvalidOperationException>(
            () => new HashMap<uint, ulong>("lb_test", descriptor));

        Assert.Contains("expected 4 and 8", refused.Message, StringComparison.Ordinal);
    }

    private static unsafe HashMap<TKey, TValue> Create<TKey, TValue>(int entries)
        where TKey : unmanaged
        where TValue : unmanaged =>
        new("lb_test", CreateRaw(sizeof(TKey), sizeof(TValue), entries));

    private static unsafe Descriptor CreateRaw(int keySize, int valueSize, int entries) => Descriptor.FromLibBpf(
        LibBpf.MapCreate(MapType.Hash, "lb_test", (uint)keySize, (uint)valueSize, (uint)entries, null),
        "bpf_map_create(lb_test)");
}
