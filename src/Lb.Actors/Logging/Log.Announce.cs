using System.Net;
using Microsoft.Extensions.Logging;

namespace Lb.Actors;

/// <summary>What announcers log.</summary>
internal static partial class Log
{
    [LoggerMessage(2700, LogLevel.Information, "VIP {Vip}: this node answers for it from now on, at term {Term}; before, {Before}.")]
    public static partial void VipTaken(this ILogger log, IPAddress vip, long term, string before);

    [LoggerMessage(2701, LogLevel.Information, "VIP {Vip}: this node answers for it no longer; {After}.")]
    public static partial void VipGiven(this ILogger log, IPAddress vip, string after);

    [LoggerMessage(2702, LogLevel.Error, "VIP {Vip} is this node's to answer for, and it cannot: {Reason} It is tried again.")]
    public static partial void VipNotKept(this ILogger log, IPAddress vip, string reason);

    [LoggerMessage(2703, LogLevel.Information, "VIP {Vip} is answered for again.")]
    public static partial void VipKept(this ILogger log, IPAddress vip);

    [LoggerMessage(2704, LogLevel.Warning, "VIP {Vip} is not this node's any more and cannot be taken away: {Reason} It ends by itself within {Lifetime} s.")]
    public static partial void VipNotReleased(this ILogger log, IPAddress vip, double lifetime, string reason);

    [LoggerMessage(2705, LogLevel.Information, "This node drains: its VIPs go to others, and it takes none until that is undone or it is restarted.")]
    public static partial void VipsDraining(this ILogger log);

    [LoggerMessage(2706, LogLevel.Information, "This node drains no longer: it takes VIPs again.")]
    public static partial void VipsNotDraining(this ILogger log);

    [LoggerMessage(2707, LogLevel.Warning, "This node takes no VIPs and hands over those that it has: {Reason}.")]
    public static partial void VipsNotTaken(this ILogger log, string reason);

    [LoggerMessage(2708, LogLevel.Information, "This node can take VIPs.")]
    public static partial void VipsCanBeTaken(this ILogger log);

    [LoggerMessage(2709, LogLevel.Information, "VIP {Vip}: this process goes on with it from the one before it.")]
    public static partial void VipAdopted(this ILogger log, IPAddress vip);

    [LoggerMessage(2710, LogLevel.Error, "Addresses and interfaces of this host cannot be read: {Reason} It is tried again; VIPs that are not renewed end by themselves.")]
    public static partial void VipHostUnread(this ILogger log, string reason);

    [LoggerMessage(2711, LogLevel.Information, "VIP {Vip}: routers are told that it can be reached by this node.")]
    public static partial void RouteTold(this ILogger log, IPAddress vip);

    [LoggerMessage(2712, LogLevel.Information, "VIP {Vip}: routers are told that it cannot be reached by this node any more.")]
    public static partial void RouteWithdrawn(this ILogger log, IPAddress vip);
}
