using Akka.Actor;
using Lb.Actors;

namespace Lb.Host.FlowLog;

/// <summary>Hands what the kernel bridge says of names to the writer of the flow log.</summary>
internal sealed class FlowLogNamesActor : ReceiveActor
{
    public FlowLogNamesActor(FlowLogNames names) => Receive<KernelNames>(current => names.Current = current);

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(KernelNames));

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);
}
