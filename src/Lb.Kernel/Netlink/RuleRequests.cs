using System.Net.Sockets;
using System.Runtime.InteropServices;
using Lb.Kernel.Interop;
using Lb.Kernel.Layout;

namespace Lb.Kernel.Netlink;

/// <summary>A routing rule that sends packets with a mark to a table.</summary>
/// <param name="Priority">Where it stands among the rules.</param>
/// <param name="Mark">Firewall mark, all bits of which count.</param>
/// <param name="Table">The table.</param>
internal sealed record MarkRule(uint Priority, uint Mark, uint Table);

/// <summary>Routing rules by firewall mark (<c>ip rule</c>).</summary>
internal static class RuleRequests
{
    private const ushort PriorityAttribute = 6; // FRA_PRIORITY
    private const ushort MarkAttribute = 10; // FRA_FWMARK
    private const ushort TableAttribute = 15; // FRA_TABLE
    private const ushort ProtocolAttribute = 21; // FRA_PROTOCOL
    private const byte ToTable = 1; // FR_ACT_TO_TBL

    /// <summary>Who made the rule, as routing daemons have numbers: <c>ip rule</c> shows it.</summary>
    private const byte Owner = 76;

    /// <summary>Adds a rule, unless it is there.</summary>
    public static void Add(NetlinkSocket netlink, AddressFamily family, MarkRule rule)
    {
        Errno errno = Change(netlink, family, rule, MessageType.NewRule, RequestFlags.CreateNew);
        if (errno is not (default(Errno) or Errno.EEXIST))
        {
            throw Failure.Of($"RTM_NEWRULE(fwmark 0x{rule.Mark:x8})", errno);
        }
    }

    /// <summary>Deletes a rule, however often it is there.</summary>
    public static void Delete(NetlinkSocket netlink, AddressFamily family, MarkRule rule)
    {
        while (Has(netlink, family, rule))
        {
            Errno errno = Change(netlink, family, rule, MessageType.DeleteRule, RequestFlags.None);
            if (errno is not (default(Errno) or Errno.ENOENT))
            {
                throw Failure.Of($"RTM_DELRULE(fwmark 0x{rule.Mark:x8})", errno);
            }
        }
    }

    /// <summary>Whether a rule is there.</summary>
    public static bool Has(NetlinkSocket netlink, AddressFamily family, MarkRule rule)
    {
        var request = new NetlinkRequest(stackalloc byte[64], MessageType.GetRule, RequestFlags.Dump);
        request.Append(new RuleHeader { Family = NativeFamily.Of(family) });
        bool found = false;
        // A kernel without the family has no rules of it.
        _ = netlink.Request(request, message =>
            found |= message.Type == MessageType.NewRule
                && message.Fixed<RuleHeader>().Family == NativeFamily.Of(family)
                && Parse(message) == rule);
        return found;
    }

    private static Errno Change(
        NetlinkSocket netlink, AddressFamily family, MarkRule rule, MessageType type, RequestFlags flags)
    {
        var request = new NetlinkRequest(stackalloc byte[128], type, flags | RequestFlags.Acknowledge);
        request.Append(new RuleHeader { Family = NativeFamily.Of(family), Action = ToTable });
        request.Append(PriorityAttribute, rule.Priority);
        request.Append(MarkAttribute, rule.Mark);
        request.Append(TableAttribute, rule.Table);
        request.Append(ProtocolAttribute, [Owner]);
        return netlink.Request(request, _ => { });
    }

    private static MarkRule Parse(NetlinkMessage message)
    {
        MarkRule rule = new(0, 0, message.Fixed<RuleHeader>().Table);
        NetlinkAttributes attributes = message.Attributes<RuleHeader>();
        while (attributes.MoveNext())
        {
            switch (attributes.Type)
            {
                case PriorityAttribute:
                    rule = rule with { Priority = MemoryMarshal.Read<uint>(attributes.Value) };
                    break;
                case MarkAttribute:
                    rule = rule with { Mark = MemoryMarshal.Read<uint>(attributes.Value) };
                    break;
                case TableAttribute:
                    rule = rule with { Table = MemoryMarshal.Read<uint>(attributes.Value) };
                    break;
                default:
                    break;
            }
        }

        return rule;
    }

    /// <summary><c>struct fib_rule_hdr</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct RuleHeader
    {
        public byte Family;
        public byte DestinationLength;
        public byte SourceLength;
        public byte Tos;
        public byte Table;
        private readonly byte _reserved1;
        private readonly byte _reserved2;
        public byte Action;
        public uint Flags;
    }
}
