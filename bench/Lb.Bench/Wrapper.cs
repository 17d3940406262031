using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using Lb.Kernel;

namespace Lb.Bench;

/// <summary>Runs a program on a scattered sequence of flows, each time on a fresh frame.</summary>
internal sealed class Wrapper : IDisposable
{
    private const int Headers = 80;
    private const uint FirstClient = 0x0a40_0000; // 10.64.0.0
    private const int FlowsPerClient = 16;
    private const ushort FirstPort = 32_768;
    private readonly ProgramObject _object;
    private readonly XdpProgram _wrapper;
    private readonly XdpProgram _stub;

    public Wrapper(XdpProgram underTest)
    {
        _object = ProgramObject.Load(Elf(), "lb_bench");
        _wrapper = _object.Program("lb_bench");
        _stub = _object.Program("lb_stub");
        _object.SetProgram("bench_targets", (uint)Target.Stub, _stub);
        _object.SetProgram("bench_targets", (uint)Target.UnderTest, underTest);
    }

    /// <summary>
    /// Sends one packet of every flow, in the order of their numbers: what is then in memory one after another is not
    /// what <see cref="Run"/> visits one after another.
    /// </summary>
    public void Enter(Workload workload, int flows)
    {
        _object.Set("bench_plans", 0, Plan(workload, flows, Target.UnderTest, factor: 1, addend: 1));
        _wrapper.Run(workload.Frame, flows);
    }

    /// <summary>The frame of a flow that the program under test gets.</summary>
    public static byte[] FrameOf(Workload workload, int flow)
    {
        byte[] frame = [.. workload.Frame];
        bool v4 = workload.Family == AddressFamily.InterNetwork;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(v4 ? 26 : 34), FirstClient + ((uint)flow / FlowsPerClient));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(v4 ? 34 : 54), (ushort)(FirstPort + (flow % FlowsPerClient)));
        return frame;
    }

    /// <summary>The object with the wrapper, the stub and the sink.</summary>
    public static byte[] Elf()
    {
        using Stream resource = typeof(Wrapper).Assembly.GetManifestResourceStream("lb_bench.bpf.o")!;
        using var elf = new MemoryStream();
        resource.CopyTo(elf);
        return elf.ToArray();
    }

    /// <summary>
    /// Millions of frames a second of a run on frames as drivers have them, sent and received. By the clock on the wall:
    /// the receiving end is not all this thread's time.
    /// </summary>
    public double RunLive(Workload workload, int flows, Target target, int count, int ingress)
    {
        _object.Set("bench_plans", 0, Plan(workload, flows, target, factor: 1_103_515_245, addend: 12_345));
        long start = Stopwatch.GetTimestamp();
        _wrapper.RunLive(workload.Frame, count, ingress);
        return count / Stopwatch.GetElapsedTime(start).TotalMicroseconds;
    }

    /// <summary>Mean nanoseconds of a run, over flows in scattered order from anywhere in it.</summary>
    public double Run(Workload workload, int flows, Target target, int repeat)
    {
        XdpAction expected = target == Target.Stub ? XdpAction.Transmit : workload.Action;
        _object.Set("bench_plans", 0, Plan(workload, flows, target, factor: 1_103_515_245, addend: 12_345));
        long start = CpuClock.Nanoseconds;
        TestRun run = _wrapper.Run(workload.Frame, repeat);
        double nanoseconds = (CpuClock.Nanoseconds - start) / (double)repeat;
        return run.Action == expected
            ? nanoseconds
            : throw new InvalidOperationException($"The program returned {run.Action}, not {expected}.");
    }

    public void Dispose()
    {
        _stub.Dispose();
        _wrapper.Dispose();
        _object.Dispose();
    }

    /// <summary><c>struct bench_plan</c>.</summary>
    private static byte[] Plan(Workload workload, int flows, Target target, uint factor, uint addend)
    {
        uint[] fields =
        [
            (uint)workload.Frame.Length,
            (uint)flows - 1,
            (uint)Random.Shared.Next(),
            factor,
            addend,
            (uint)target,
            workload.Family == AddressFamily.InterNetwork ? 2u : 10u,
            FirstClient,
        ];
        byte[] plan = new byte[Headers + (fields.Length * sizeof(uint))];
        workload.Frame.AsSpan(0, Headers).CopyTo(plan);
        for (int i = 0; i < fields.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(plan.AsSpan(Headers + (i * sizeof(uint))), fields[i]);
        }

        return plan;
    }
}

/// <summary>What the wrapper calls.</summary>
internal enum Target
{
    Stub = 0,
    UnderTest = 1,
}
