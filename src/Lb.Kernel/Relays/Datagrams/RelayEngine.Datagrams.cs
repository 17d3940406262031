using System.Net;
using Lb.Kernel.Handover;
using Lb.Kernel.Relays;
using SocketAddress = Lb.Kernel.Interop.SocketAddress;

namespace Lb.Kernel;

/// <summary>
/// The handing over of UDP. The kernel gives a client's datagrams to one of a service's sockets, so flows go with the socket
/// that they came by, and what comes in meanwhile waits in it.
/// </summary>
public sealed partial class RelayEngine
{
    private TakenDatagrams? _taken;

    /// <summary>Gives what loops that have ended had of UDP.</summary>
    /// <returns>How many services and flows.</returns>
    private static (int Services, int Flows) GiveDatagrams(HandoverSocket successor, RelayLoop[] loops)
    {
        HashSet<RelayService> seen = [];
        int flows = 0;
        long now = Environment.TickCount64;
        foreach (DatagramPort port in loops.SelectMany(loop => loop.Ports))
        {
            string service = port.Service.Vip.ToString();
            successor.Send(new DatagramPart(service, seen.Add(port.Service)), default, port.Socket);
            foreach (DatagramFlow flow in port.Flows)
            {
                successor.Send(
                    new FlowPart(
                        TextOf(flow.Client),
                        flow.Proxied ? TextOf(flow.Peer) : null,
                        flow.Target!.Socket.ToString(),
                        now - flow.Began,
                        now - flow.Since),
                    default,
                    flow.Socket);
                flows++;
            }
        }

        return (seen.Count, flows);
    }

    private void InheritDatagrams(DatagramPart port, int descriptor)
    {
        _taken = new TakenDatagrams(descriptor);
        Endpoint vip = EndpointOf(port.Service);
        if (port.First)
        {
            _inherited.Add(vip, new RelayService(this, vip, -1, RelaySettings.Default, RelayTable.Empty)
            {
                Datagrams = new DatagramListeners([_taken]),
            });
        }
        else
        {
            _inherited[vip].Datagrams!.Add(_taken);
        }
    }

    private static string TextOf(SocketAddress address) =>
        new IPEndPoint(new IPAddress(address.Address), address.Port).ToString();

    internal static SocketAddress ParseAddress(string text) => AddressOf(text);

    internal static Endpoint ParseEndpoint(string text) => EndpointOf(text);
}
