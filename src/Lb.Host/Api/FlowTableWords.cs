using System.Net.Sockets;
using Lb.Kernel;

namespace Lb.Host.Api;

/// <summary>What a map of flows is called.</summary>
internal static class FlowTableWords
{
    public static string Name(FlowTableUse use) => use.Pending ? "pending" : "established";

    public static string Family(FlowTableUse use) => use.Family == AddressFamily.InterNetwork ? "ipv4" : "ipv6";
}
