namespace Akka.TestKit;

/// <summary>Marks a test class whose messages have no sender unless it names one.</summary>
public interface INoImplicitSender;
