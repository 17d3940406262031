namespace Lb.Kernel;

/// <summary>The eBPF objects that this assembly carries.</summary>
public static class EmbeddedObject
{
    /// <summary>The load balancer: program <c>lb_xdp</c>.</summary>
    public const string Xdp = "lb_xdp";

    /// <summary>Hands packets to other CPUs: program <c>lb_spread</c>, in place of <c>lb_xdp</c>.</summary>
    public const string Spread = "lb_spread";

    /// <summary>The load balancer on the CPU that a packet was handed to: program <c>lb_cpu</c>.</summary>
    public const string Cpu = "lb_cpu";

    /// <summary>The load balancer at traffic control: program <c>lb_forward</c>.</summary>
    public const string Forward = "lb_forward";

    /// <summary>Hands packets of relays to their sockets: program <c>lb_tc</c>.</summary>
    public const string Tc = "lb_tc";

    /// <summary>Moves bytes between the sockets of a relayed connection: program <c>lb_sockmap</c>.</summary>
    public const string Sockmap = "lb_sockmap";

    /// <summary>Names the sockets of relays for addresses of the host: program <c>lb_lookup</c>.</summary>
    public const string Lookup = "lb_lookup";

    /// <summary>For backends of <c>dsr-ipip</c> without a tunnel device: program <c>lb_decap</c>.</summary>
    public const string Decap = "lb_decap";

    /// <summary>No program: BTF of every shared type.</summary>
    public const string Layout = "lb_layout";

    /// <summary>The ELF file of an object.</summary>
    public static byte[] Read(string name)
    {
        using Stream stream = typeof(EmbeddedObject).Assembly.GetManifestResourceStream($"{name}.bpf.o")
            ?? throw new ArgumentException($"There is no embedded object {name}.", nameof(name));
        var elf = new byte[stream.Length];
        stream.ReadExactly(elf);
        return elf;
    }
}
