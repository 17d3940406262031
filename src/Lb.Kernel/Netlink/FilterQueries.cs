using System.Runtime.InteropServices;
using System.Text;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Netlink;

/// <summary>A BPF program that is a filter of traffic control.</summary>
/// <param name="Id">0 when the kernel does not tell, as for classic BPF.</param>
/// <param name="Name">The name that it was given when it was added.</param>
internal sealed record BpfFilter(uint Id, string? Name);

/// <summary>Questions about filters of traffic control.</summary>
internal static class FilterQueries
{
    /// <summary>What comes in (<c>TC_H_CLSACT</c>, <c>TC_H_MIN_INGRESS</c>).</summary>
    public const uint Ingress = 0xFFFF_FFF2;

    /// <summary>What goes out (<c>TC_H_MIN_EGRESS</c>).</summary>
    public const uint Egress = 0xFFFF_FFF3;

    private const ushort Kind = 1; // TCA_KIND
    private const ushort Options = 2; // TCA_OPTIONS
    private const ushort ProgramName = 7; // TCA_BPF_NAME
    private const ushort ProgramId = 11; // TCA_BPF_ID

    /// <summary>The BPF filters of an interface in one direction.</summary>
    public static IReadOnlyList<BpfFilter> Read(NetlinkSocket netlink, int interfaceIndex, uint direction)
    {
        var request = new NetlinkRequest(stackalloc byte[64], MessageType.GetFilter, RequestFlags.Dump);
        request.Append(new TrafficHeader { InterfaceIndex = interfaceIndex, Parent = direction });
        var filters = new List<BpfFilter>();
        Errno errno = netlink.Request(request, message =>
        {
            // The head of a priority comes as an entry of its own, without a handle.
            if (message.Type == MessageType.NewFilter
                && message.Fixed<TrafficHeader>().Handle != 0
                && Parse(message) is { } filter)
            {
                filters.Add(filter);
            }
        });

        // Nothing that classifies is attached, or this kernel has none of it.
        return errno == default ? filters : [];
    }

    /// <summary>The program of a filter; null for a filter of another kind.</summary>
    internal static BpfFilter? Parse(NetlinkMessage message)
    {
        bool isBpf = false;
        BpfFilter filter = new(0, null);
        NetlinkAttributes attributes = message.Attributes<TrafficHeader>();
        while (attributes.MoveNext())
        {
            if (attributes.Type == Kind)
            {
                isBpf = attributes.Value.SequenceEqual("bpf\0"u8);
            }
            else if (attributes.Type == Options)
            {
                filter = ParseOptions(attributes.Value);
            }
        }

        return isBpf ? filter : null;
    }

    private static BpfFilter ParseOptions(ReadOnlySpan<byte> value)
    {
        BpfFilter filter = new(0, null);
        var options = new NetlinkAttributes(value);
        while (options.MoveNext())
        {
            if (options.Type == ProgramName)
            {
                filter = filter with { Name = Encoding.UTF8.GetString(options.Value.TrimEnd((byte)0)) };
            }
            else if (options.Type == ProgramId)
            {
                filter = filter with { Id = MemoryMarshal.Read<uint>(options.Value) };
            }
        }

        return filter;
    }
}
