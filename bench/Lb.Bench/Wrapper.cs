using System.Buffers.Binary;
using System.Net.Sockets;
using Lb.Kernel;

namespace Lb.Bench;

/// <summary>Runs a program on a scattered sequence of flows, each time on a fresh frame.</summary>
internal sealed class Wrapper : IDisposable
{
    private const int Headers = 80;
    private const uint FirstClient = 0x0a40_0000; // 10.64.0.0
    private readonly ProgramObject _object;
    private readonly XdpProgram _wrapper;
    private readonly XdpProgram _stub;

    public Wrapper(XdpProgram underTest)
    {
        using Stream resource = typeof(Wrapper).Assembly.GetManifestResourceStream("lb_bench.bpf.o")!;
        using var elf = new MemoryStream();
        resource.CopyTo(elf);
        _object = ProgramObject.Load(elf.ToArray(), "lb_bench");
        _wrapper = _object.Program("lb_bench");
        _stub = _object.Program("lb_stub");
        _object.SetProgram("bench_targets", (uint)Target.Stub, _stub);
        _object.SetProgram("bench_targets", (uint)Target.UnderTest, underTest);
    }

    /// <summary>Mean nanoseconds of the stub alone, without what the wrapper does.</summary>
    public double RunBareStub(byte[] frame, int repeat)
    {
        long start = CpuClock.Nanoseconds;
        _stub.Run(frame, repeat);
        return (CpuClock.Nanoseconds - start) / (double)repeat;
    }

    /// <summary>Mean nanoseconds of a run.</summary>
    public double Run(byte[] frame, AddressFamily family, int flows, Target target, int repeat, XdpAction expected)
    {
        _object.Set("bench_plans", 0, Plan(frame, family, flows, target));
        long start = CpuClock.Nanoseconds;
        TestRun run = _wrapper.Run(frame, repeat);
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
    private static byte[] Plan(byte[] frame, AddressFamily family, int flows, Target target)
    {
        byte[] plan = new byte[Headers + (6 * sizeof(uint))];
        frame.AsSpan(0, Headers).CopyTo(plan);
        uint[] fields =
            [(uint)frame.Length, (uint)flows - 1, (uint)Random.Shared.Next(), (uint)target, family == AddressFamily.InterNetwork ? 2u : 10u, FirstClient];
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
