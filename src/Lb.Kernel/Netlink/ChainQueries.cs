using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Lb.Kernel.Interop;
using Lb.Kernel.Layout;

namespace Lb.Kernel.Netlink;

/// <summary>Questions about chains of nftables.</summary>
internal static class ChainQueries
{
    private const MessageType GetChain = (MessageType)((10 << 8) | 4); // NFNL_SUBSYS_NFTABLES, NFT_MSG_GETCHAIN
    private const byte InetFamily = 1; // NFPROTO_INET
    private const ushort Table = 1; // NFTA_CHAIN_TABLE
    private const ushort Name = 3; // NFTA_CHAIN_NAME
    private const ushort Hook = 4; // NFTA_CHAIN_HOOK
    private const ushort Policy = 5; // NFTA_CHAIN_POLICY
    private const ushort HookNumber = 1; // NFTA_HOOK_HOOKNUM
    private const ushort HookPriority = 2; // NFTA_HOOK_PRIORITY
    private const uint Prerouting = 0; // NF_INET_PRE_ROUTING
    private const uint Input = 1; // NF_INET_LOCAL_IN
    private const uint Forward = 2; // NF_INET_FORWARD
    private const int Mangle = -150; // NF_IP_PRI_MANGLE
    private const uint Drop = 0; // NF_DROP

    /// <summary>Chains that drop what is forwarded unless a rule accepts it, as <c>ip TABLE CHAIN</c>.</summary>
    public static IReadOnlyList<string> ReadDroppingForwards() => Read((hook, _) => hook == Forward);

    /// <summary>Chains that drop what comes in for the host unless a rule accepts it.</summary>
    public static IReadOnlyList<string> ReadDroppingInputs() => Read((hook, _) => hook == Input);

    /// <summary>Chains that drop what comes in, before packets are taken to relays, unless a rule accepts it.</summary>
    public static IReadOnlyList<string> ReadDroppingBefore() =>
        Read((hook, priority) => hook == Prerouting && priority <= Mangle);

    private static List<string> Read(Func<uint, int, bool> wanted)
    {
        using var netlink = new NetlinkSocket(LibC.ProtocolNetfilter);
        var request = new NetlinkRequest(stackalloc byte[64], GetChain, RequestFlags.Dump);
        request.Append(new NetfilterHeader { Family = NativeFamily.Unspecified });
        var chains = new List<string>();
        Errno errno = netlink.Request(request, message =>
        {
            if (Parse(message, wanted) is { } chain)
            {
                chains.Add(chain);
            }
        });

        // A kernel without nftables refuses the question.
        return errno is Errno.EPERM ? throw Failure.Of("NFT_MSG_GETCHAIN", errno) : chains;
    }

    private static string? Parse(NetlinkMessage message, Func<uint, int, bool> wanted)
    {
        string? family = message.Fixed<NetfilterHeader>().Family switch
        {
            NativeFamily.Inet => "ip",
            NativeFamily.Inet6 => "ip6",
            InetFamily => "inet",
            _ => null,
        };
        string table = "";
        string name = "";
        (uint Hook, int Priority)? hook = null;
        uint? policy = null;
        NetlinkAttributes attributes = message.Attributes<NetfilterHeader>();
        while (attributes.MoveNext())
        {
            switch (attributes.Type)
            {
                case Table:
                    table = Encoding.UTF8.GetString(attributes.Value.TrimEnd((byte)0));
                    break;
                case Name:
                    name = Encoding.UTF8.GetString(attributes.Value.TrimEnd((byte)0));
                    break;
                case Hook:
                    hook = ParseHook(attributes.Value);
                    break;
                case Policy:
                    policy = BinaryPrimitives.ReadUInt32BigEndian(attributes.Value);
                    break;
                default:
                    break;
            }
        }

        return family is not null && hook is { } at && wanted(at.Hook, at.Priority) && policy == Drop ? $"{family} {table} {name}" : null;
    }

    private static (uint Hook, int Priority)? ParseHook(ReadOnlySpan<byte> value)
    {
        var nested = new NetlinkAttributes(value);
        uint? hook = null;
        int priority = 0;
        while (nested.MoveNext())
        {
            if (nested.Type == HookNumber)
            {
                hook = BinaryPrimitives.ReadUInt32BigEndian(nested.Value);
            }
            else if (nested.Type == HookPriority)
            {
                priority = BinaryPrimitives.ReadInt32BigEndian(nested.Value);
            }
        }

        return hook is { } number ? (number, priority) : null;
    }

    /// <summary><c>struct nfgenmsg</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct NetfilterHeader
    {
        public byte Family;
        public byte Version;
        public ushort Resource;
    }
}
