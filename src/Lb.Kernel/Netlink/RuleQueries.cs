using System.Net.Sockets;
using System.Runtime.InteropServices;
using Lb.Kernel.Host;
using Lb.Kernel.Layout;

namespace Lb.Kernel.Netlink;

/// <summary>Questions about the routing rules of others.</summary>
internal static class RuleQueries
{
    private const ushort PriorityAttribute = 6; // FRA_PRIORITY
    private const ushort MarkAttribute = 10; // FRA_FWMARK
    private const ushort TableAttribute = 15; // FRA_TABLE
    private const ushort MaskAttribute = 16; // FRA_FWMASK
    private const int HeaderSize = 12; // struct fib_rule_hdr
    private const int TableAt = 4;

    /// <summary>Every rule that looks at a mark.</summary>
    public static IReadOnlyList<RoutingRuleFacts> ReadByMark(NetlinkSocket netlink, AddressFamily family)
    {
        var request = new NetlinkRequest(stackalloc byte[64], MessageType.GetRule, RequestFlags.Dump);
        request.Append(new RuleHeader { Family = NativeFamily.Of(family) });
        List<RoutingRuleFacts> rules = [];
        _ = netlink.Request(request, message =>
        {
            if (message.Type == MessageType.NewRule
                && message.Fixed<RuleHeader>().Family == NativeFamily.Of(family)
                && Parse(message, family) is { } rule)
            {
                rules.Add(rule);
            }
        });
        return rules;
    }

    private static RoutingRuleFacts? Parse(NetlinkMessage message, AddressFamily family)
    {
        uint priority = 0;
        uint? mark = null;
        uint mask = uint.MaxValue;
        uint table = message.Payload[TableAt];
        NetlinkAttributes attributes = message.Attributes<RuleHeader>();
        while (attributes.MoveNext())
        {
            switch (attributes.Type)
            {
                case PriorityAttribute:
                    priority = MemoryMarshal.Read<uint>(attributes.Value);
                    break;
                case MarkAttribute:
                    mark = MemoryMarshal.Read<uint>(attributes.Value);
                    break;
                case MaskAttribute:
                    mask = MemoryMarshal.Read<uint>(attributes.Value);
                    break;
                case TableAttribute:
                    table = MemoryMarshal.Read<uint>(attributes.Value);
                    break;
                default:
                    break;
            }
        }

        // One without a mark says so by a mask of none.
        return mask == 0 || (mark is null && mask == uint.MaxValue)
            ? null
            : new RoutingRuleFacts(family, priority, mark ?? 0, mask, table == 0 ? "without a table" : $"lookup {table}");
    }

    /// <summary>The start of <c>struct fib_rule_hdr</c>.</summary>
    [StructLayout(LayoutKind.Sequential, Size = HeaderSize)]
    private struct RuleHeader
    {
        public byte Family;
    }
}
