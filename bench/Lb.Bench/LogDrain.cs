using Lb.Kernel;

namespace Lb.Bench;

/// <summary>Reads the flow log, as lbd does, so that what is measured is an event that finds room.</summary>
internal sealed class LogDrain : IDisposable
{
    private readonly IFlowLog _log;
    private readonly Thread _thread;
    private volatile bool _ending;

    public LogDrain(IFlowLog log)
    {
        _log = log;
        _thread = new Thread(Run) { IsBackground = true, Name = "flow log" };
        _thread.Start();
    }

    public void Dispose()
    {
        _ending = true;
        _log.Wake();
        _thread.Join();
        _log.Dispose();
    }

    private void Run()
    {
        while (!_ending)
        {
            _log.Wait(TimeSpan.FromSeconds(1));
            _log.Read(static _ => { }, int.MaxValue);
        }
    }
}
