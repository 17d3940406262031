using System.Runtime.InteropServices;
using Lb.Kernel.Handles;
using Lb.Kernel.Interop;
using Lb.Kernel.Layout;
using Lb.Kernel.Maps;
using Lb.Kernel.Programs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lb.Kernel;

/// <summary>The program that names the sockets of relays for addresses of the host, and the sockets that it knows.</summary>
public sealed unsafe class LookupProgram : IDisposable
{
    private const string Listeners = "lb_listeners";

    private readonly Descriptor _map;

    private LookupProgram(Descriptor descriptor, Descriptor map)
    {
        Descriptor = descriptor;
        _map = map;
        Id = new XdpProgram(EmbeddedObject.Lookup, descriptor).ReadId();
    }

    /// <summary>The number that the kernel gave it.</summary>
    internal uint Id { get; }

    internal Descriptor Descriptor { get; }

    /// <summary>Loads it with no sockets.</summary>
    /// <param name="logger">Where libbpf's messages go.</param>
    public static LookupProgram Load(ILogger? logger = null) => Load(null, 16, logger ?? NullLogger.Instance);

    /// <summary>The socket that it names for a packet, by the kernel's number (<c>BPF_PROG_TEST_RUN</c>).</summary>
    /// <param name="destination">Where the packet goes.</param>
    /// <returns>The socket's cookie; 0 when the kernel is left to look.</returns>
    public ulong Run(Endpoint destination)
    {
        LookupContext context = LookupContext.To(destination);
        var options = new TestRunOptions
        {
            Size = (nuint)sizeof(TestRunOptions),
            ContextIn = &context,
            ContextSizeIn = (uint)sizeof(LookupContext),
            ContextOut = &context,
            ContextSizeOut = (uint)sizeof(LookupContext),
            Repeat = 1,
        };
        Failure.Check(LibBpf.TestRun(Descriptor, &options), $"bpf_prog_test_run_opts({EmbeddedObject.Lookup})");
        return context.Cookie;
    }

    /// <summary>Has it name a socket for what comes in for a VIP.</summary>
    public void Set(Endpoint vip, SafeHandle socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        Set(vip, (int)socket.DangerousGetHandle());
        GC.KeepAlive(socket);
    }

    /// <summary>Has it leave a VIP to the kernel.</summary>
    public void Remove(Endpoint vip)
    {
        EndpointKey6 key = KeyOf(vip);
        int result = LibBpf.Delete(_map, &key);
        // A socket that is closed has left by itself.
        if (result != -(int)Errno.ENOENT)
        {
            Failure.Check(result, $"bpf_map_delete_elem({Listeners})");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Descriptor.Dispose();
        _map.Dispose();
    }

    /// <summary>Loads it with the sockets that another program of it knows, or with none.</summary>
    /// <param name="before">The other program.</param>
    /// <param name="services">Most services of the site.</param>
    /// <param name="logger">Where libbpf's messages go.</param>
    internal static LookupProgram Load(Descriptor? before, int services, ILogger logger)
    {
        using var opened = BpfObject.Open(EmbeddedObject.Read(EmbeddedObject.Lookup), EmbeddedObject.Lookup, logger);
        opened.Maps[Listeners].Resize(Listeners, (uint)services);
        using Descriptor? known = before is null ? null : OpenListeners(before);
        if (known is not null && opened.Maps[Listeners].DifferenceFrom(BpfMap.Describe(known, Listeners)) is null)
        {
            opened.Maps[Listeners].Reuse(Listeners, known);
        }

        opened.Load();
        return new LookupProgram(opened.TakeProgram(EmbeddedObject.Lookup), opened.TakeMap(Listeners));
    }

    internal void Set(Endpoint vip, int socket)
    {
        EndpointKey6 key = KeyOf(vip);
        ulong value = (ulong)socket;
        Failure.Check(LibBpf.Update(_map, &key, &value, 0), $"bpf_map_update_elem({Listeners})");
    }

    /// <summary>Whether it names this socket for a VIP.</summary>
    internal bool Has(Endpoint vip, int socket)
    {
        EndpointKey6 key = KeyOf(vip);
        ulong known = 0;
        ulong cookie = 0;
        uint size = sizeof(ulong);
        return LibBpf.Lookup(_map, &key, &known) == 0
            && LibC.GetOption(socket, LibC.LevelSocket, LibC.SocketCookie, (int*)&cookie, &size) == 0
            && known == cookie;
    }

    /// <summary>Has it leave all VIPs to the kernel but some.</summary>
    internal void RemoveExcept(IReadOnlySet<Endpoint> kept)
    {
        HashSet<EndpointKey6> keys = [.. kept.Select(KeyOf)];
        List<EndpointKey6> gone = [];
        EndpointKey6 key = default;
        EndpointKey6 next = default;
        for (bool more = LibBpf.NextKey(_map, null, &next) == 0; more; more = LibBpf.NextKey(_map, &key, &next) == 0)
        {
            key = next;
            if (!keys.Contains(key))
            {
                gone.Add(key);
            }
        }

        foreach (EndpointKey6 one in gone)
        {
            key = one;
            _ = LibBpf.Delete(_map, &key);
        }
    }

    /// <summary>The sockets of a program that is loaded already; null when it is not of this kind.</summary>
    private static Descriptor? OpenListeners(Descriptor program)
    {
        uint id = 0;
        var maps = new ProgramMaps { Count = 1, Ids = &id };
        uint size = (uint)sizeof(ProgramMaps);
        if (LibBpf.Info(program, &maps, &size) < 0 || maps.Count != 1)
        {
            return null;
        }

        int map = LibBpf.MapById(id);
        return map < 0 ? null : new Descriptor(map);
    }

    private static EndpointKey6 KeyOf(Endpoint vip) =>
        EndpointKey6.From(new Endpoint(vip.Address.MapToIPv6(), vip.Port, vip.Protocol));
}
