using System.Net;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;

namespace Lb.Datapath.Tests.Lab;

/// <summary>Forwarding mode with the families of VIP and backend.</summary>
public enum Delivery
{
    Nat4,
    Nat6,
    Ipip4In4,
    Ipip6In6,
    Ipip4In6,
    Gue4In4,
    Gue6In6,
    Gue4In6,
    Gue6In4,
    L24,
    L26,
    L24By6,
    L26By4,
}

internal static class DeliveryFacts
{
    public static bool IsNat(this Delivery delivery) => delivery is Delivery.Nat4 or Delivery.Nat6;

    public static ForwardingMode Mode(this Delivery delivery) => delivery switch
    {
        Delivery.Nat4 or Delivery.Nat6 => ForwardingMode.Nat,
        Delivery.Ipip4In4 or Delivery.Ipip6In6 or Delivery.Ipip4In6 => ForwardingMode.DsrIpip,
        Delivery.Gue4In4 or Delivery.Gue6In6 or Delivery.Gue4In6 or Delivery.Gue6In4 => ForwardingMode.DsrGue,
        _ => ForwardingMode.DsrL2,
    };

    public static bool HasV6Vip(this Delivery delivery) => delivery
        is Delivery.Nat6 or Delivery.Ipip6In6 or Delivery.Gue6In6 or Delivery.Gue6In4 or Delivery.L26 or Delivery.L26By4;

    public static bool HasV6Backends(this Delivery delivery) => delivery is not (
        Delivery.Nat4 or Delivery.Ipip4In4 or Delivery.Gue4In4 or Delivery.Gue6In4 or Delivery.L24 or Delivery.L26By4);

    /// <summary>Bytes that the outer header adds.</summary>
    public static int Overhead(this Delivery delivery) => delivery switch
    {
        Delivery.Ipip4In4 => 20,
        Delivery.Ipip6In6 or Delivery.Ipip4In6 => 40,
        Delivery.Gue4In4 or Delivery.Gue6In4 => 28,
        Delivery.Gue6In6 or Delivery.Gue4In6 => 48,
        _ => 0,
    };

    public static IPEndPoint Vip(this Delivery delivery) => delivery.HasV6Vip() ? Roles.Vip6 : Roles.Vip4;

    public static IPEndPoint Client(this Delivery delivery) => delivery.HasV6Vip() ? Roles.Client6 : Roles.Client4;

    public static IPEndPoint OtherClient(this Delivery delivery) =>
        delivery.HasV6Vip() ? Roles.OtherClient6 : Roles.OtherClient4;

    /// <summary>On a link of the node, with a link-layer address that nobody has asked for yet.</summary>
    public static IPEndPoint UnresolvedClient(this Delivery delivery) =>
        delivery.HasV6Vip() ? Roles.Unresolved6 : Roles.Unresolved4;

    /// <summary>Reached by a route whose MTU is less than the interfaces'.</summary>
    public static IPEndPoint NarrowClient(this Delivery delivery) => delivery.HasV6Vip() ? Roles.Narrow6 : Roles.Narrow4;

    public static IPEndPoint Stranger(this Delivery delivery) =>
        delivery.HasV6Vip() ? Roles.Stranger6 : Roles.Stranger4;

    public static IPAddress Router(this Delivery delivery) => delivery.HasV6Vip() ? Roles.Router6 : Roles.Router4;

    /// <summary>The node's address on the backends' side: the outer source.</summary>
    public static IPAddress Node(this Delivery delivery) =>
        delivery.HasV6Backends() ? Roles.NodeIp6.Address : Roles.NodeIp4.Address;

    public static IPEndPoint Backend(this Delivery delivery, uint index) =>
        delivery.HasV6Backends() ? Roles.Backend6(index) : Roles.Backend4(index);
}
