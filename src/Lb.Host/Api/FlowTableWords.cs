using System.Net.Sockets;
using Lb.Kernel;

namespace Lb.Host.Api;

/// <summary>What a map of flows is called.</summary>
internal static class FlowTableWords
{
    public static string Name(FlowTableUse use) => use.Kind switch
    {
        FlowTableKind.Established => "established",
        FlowTableKind.Pending => "pending",
        _ => "clients",
    };

    /// <summary>What it holds, as in <c>established flows of ipv4</c>.</summary>
    public static string What(FlowTableUse use) => use.Kind == FlowTableKind.Clients
        ? $"clients of {Family(use)} that keep their backend"
        : $"{Name(use)} flows of {Family(use)}";

    public static string Family(FlowTableUse use) => use.Family == AddressFamily.InterNetwork ? "ipv4" : "ipv6";
}
