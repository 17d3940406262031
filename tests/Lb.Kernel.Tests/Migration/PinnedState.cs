using System.Net;
using System.Security.Cryptography;
using Lb.Kernel.Handles;
using Lb.Kernel.Interop;
using Lb.Kernel.Maps;
using Lb.Kernel.Migration;
using Lb.Kernel.Programs;
using Lb.Kernel.Tests.Fixtures;

namespace Lb.Kernel.Tests.Migration;

/// <summary>State of a site for tests of what becomes of it.</summary>
internal static class PinnedState
{
    private static readonly ServiceEntry s_service =
        Samples.Service with { Table = 0, Slots = 97, Mode = ForwardingMode.DsrIpip, AffinityPrefix = 24, AffinityTicks = 56 };

    /// <summary>The VIP whose service remembers every flow.</summary>
    public static Endpoint Other { get; } = new(Samples.Vip4.Address, 443, TransportProtocol.Tcp);

    /// <summary>All that is pinned, by path.</summary>
    public static string[] Pinned(TestSite site) =>
        [.. Directory.EnumerateFileSystemEntries(site.PinRoot, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    /// <summary>The same, with the id and all that is in each map.</summary>
    public static string[] Contents(TestSite site)
    {
        var pins = new SitePins(site.Options.BpfFs, site.Options.Site);
        return
        [
            .. Pinned(site),
            .. Directory.EnumerateFiles(Path.Combine(site.PinRoot, "maps")).Select(Path.GetFileName).Order(StringComparer.Ordinal)
                .Select(name => Digest(name!, pins.OpenMap(name!)!)),
            .. pins.PinnedTables().Order().Select(id => Digest(SlotArray.MapName, pins.OpenTable(id)!)),
        ];
    }

    /// <summary>Writes backends, tables and services, one of them with affinity.</summary>
    public static void Write(KernelDatapath datapath)
    {
        datapath.WriteBackend(1, Samples.Backend4 with { NextHop = Samples.Hop4 with { InterfaceIndex = 1 }, Mss = 1300 });
        for (uint backend = 2; backend < 60; backend++)
        {
            datapath.WriteBackend(backend, Samples.Backend4 with { NextHop = Samples.Hop4 with { InterfaceIndex = 1 } });
        }

        datapath.SwapTable(0, Samples.Table(193));
        datapath.SwapTable(0, Samples.Table(97));
        datapath.SwapTable(1, [new Slot(1)]);
        datapath.WriteService(Samples.Vip4, s_service);
        datapath.WriteService(Other, Samples.Service with { Id = 8, Table = 1, Slots = 1 });
        datapath.WriteService(Samples.Vip6, Samples.Service with { Id = 9 });
    }

    /// <summary>Sends SYNs of clients, by their number, through a service that remembers every flow.</summary>
    public static void Send(KernelDatapath datapath, int from, int below)
    {
        for (int i = from; i < below; i++)
        {
            datapath.Program.Run(Frames.TcpSyn(new Flow(
                IPAddress.Parse("203.0.113.1"), (ushort)(1024 + i), Other.Address, Other.Port, TransportProtocol.Tcp)));
        }
    }

    /// <summary>Gives an entry of the other release, whose slots are wider, a slot that this one has no room for.</summary>
    public static void WriteWideSlot(TestSite site)
    {
        using Descriptor map = new SitePins(site.Options.BpfFs, site.Options.Site).OpenMap(MapNames.Pending4)!;
        var raw = new RawMap(MapNames.Pending4, map);
        byte[]? key = null;
        raw.Scan((keys, _, _) => key ??= keys[..16].ToArray());
        var value = new byte[raw.ValueSize];
        raw.TryGet(key, value);
        value[12] = 1;
        raw.Set(key, value);
    }

    /// <summary>Writes an entry beside the only one of a map, with a key that differs in one byte.</summary>
    public static void WriteTwin(TestSite site, string name, int differsAt)
    {
        using Descriptor map = new SitePins(site.Options.BpfFs, site.Options.Site).OpenMap(name)!;
        var raw = new RawMap(name, map);
        byte[]? key = null;
        byte[]? value = null;
        raw.Scan((keys, values, _) =>
        {
            key ??= keys[..(int)raw.Info.KeySize].ToArray();
            value ??= values[..raw.ValueSize].ToArray();
        });
        key![differsAt] ^= 1;
        raw.Set(key, value!);
    }

    private static string Digest(string name, Descriptor opened)
    {
        using Descriptor map = opened;
        var raw = new RawMap(name, map);
        List<string> elements = [];
        if (raw.Info.Type == MapType.ArrayOfMaps)
        {
            elements.AddRange(SlotTables.Read(raw).Select(table => $"{table.Index}={table.Id}"));
        }
        else if (raw.Info.Type != MapType.RingBuffer)
        {
            raw.Scan((keys, values, count) => elements.Add(
                $"{count} {Convert.ToHexString(SHA256.HashData(keys))} {Convert.ToHexString(SHA256.HashData(values))}"));
        }

        return $"{name} {raw.Info.Id} {string.Join(' ', elements)}";
    }
}
