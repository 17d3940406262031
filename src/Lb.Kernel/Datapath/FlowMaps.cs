using System.Net.Sockets;

namespace Lb.Kernel.Datapath;

/// <summary>The flow tables of both address families, established and pending.</summary>
internal sealed class FlowMaps(IFlowMap flows4, IFlowMap pending4, IFlowMap flows6, IFlowMap pending6) : IDisposable
{
    public List<FlowRecord> Read()
    {
        var records = new List<FlowRecord>();
        uint now = Tick.Now;
        foreach (IFlowMap map in All)
        {
            map.ReadInto(records, now);
        }

        return records;
    }

    public int Delete(IReadOnlyCollection<Flow> flows)
    {
        int there = 0;
        foreach (Flow flow in flows)
        {
            bool v4 = flow.Vip.AddressFamily == AddressFamily.InterNetwork;
            bool established = (v4 ? flows4 : flows6).Delete(flow);
            bool pending = (v4 ? pending4 : pending6).Delete(flow);
            if (established || pending)
            {
                there++;
            }
        }

        return there;
    }

    public void Dispose()
    {
        foreach (IFlowMap map in All)
        {
            map.Dispose();
        }
    }

    private IFlowMap[] All => [flows4, pending4, flows6, pending6];
}
