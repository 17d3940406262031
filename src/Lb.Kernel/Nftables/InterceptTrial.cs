namespace Lb.Kernel.Nftables;

/// <summary>Asks the kernel whether it takes rules as relays need them: in one transaction that leaves nothing.</summary>
internal static class InterceptTrial
{
    /// <summary>Why it does not; null when it does.</summary>
    public static string? Run()
    {
        string table = $"inet lb_trial_{Environment.ProcessId}";
        try
        {
            NftCommands.Run(
                $$"""
                add table {{table}}
                add chain {{table}} trial { type filter hook prerouting priority mangle; policy accept; }
                add rule {{table}} trial meta l4proto { tcp, udp } socket transparent 1 socket wildcard 0 accept
                add rule {{table}} trial ip daddr 203.0.113.254 tcp dport 1 tproxy ip to 203.0.113.254:1
                add rule {{table}} trial ip6 daddr 2001:db8::fe udp dport 1 tproxy ip6 to [2001:db8::fe]:1
                delete table {{table}}

                """,
                "make a table for a trial");
            return null;
        }
        catch (KernelException reason)
        {
            return reason.Message;
        }
    }
}
