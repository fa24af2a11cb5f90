"""The adapters by which a command inspects the functions and APIs that run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accountsctl.adapters.invocation import Adapters
from accountsctl.formats.layout import LOCAL_STATE
from accountsctl.model.environment import Cloud

if TYPE_CHECKING:
    from accountsctl.ports.endpoints import Endpoints
    from accountsctl.ports.function_code import FunctionCodes
    from accountsctl.ports.functions import FunctionCaller
    from accountsctl.ports.local_users import LocalUsers
    from accountsctl.ports.logs import LogReader
    from accountsctl.ports.secrets import SecretStore
    from accountsctl.ports.telemetry import ApiLog, ApiTelemetry, Telemetry


class RunningFunctions(Adapters):
    """`Adapters`, with those of the environment's functions and APIs."""

    @property
    def logs(self) -> LogReader:
        """What the environment's functions logged."""
        if self.environment.cloud is Cloud.LOCAL:
            from accountsctl.adapters.log_files import FunctionLogFiles

            return FunctionLogFiles(self.cloud.log_files)
        from accountsctl.adapters.aws.logs import CloudWatchLogs

        return CloudWatchLogs(self.session)

    @property
    def functions(self) -> FunctionCaller:
        """The environment's functions, to invoke."""
        from accountsctl.adapters.aws.functions import Lambda

        return Lambda(self.session)

    @property
    def function_codes(self) -> FunctionCodes:
        """The code of the environment's functions, past its stacks."""
        from accountsctl.adapters.aws.function_code import LambdaCode

        return LambdaCode(self.session)

    @property
    def local_users(self) -> LocalUsers:
        """The users of a local environment's pools."""
        from accountsctl.adapters.local_users import EmbeddedUsers

        return EmbeddedUsers(lambda: self.session, self.root / LOCAL_STATE)

    @property
    def secrets(self) -> SecretStore:
        """The values of the functions' secrets."""
        from accountsctl.adapters.aws.secrets import ParameterStore

        return ParameterStore(self.session)

    @property
    def telemetry(self) -> Telemetry:
        """What is measured of the environment."""
        from accountsctl.adapters.function_logs import FunctionLogs, summary

        if self.environment.cloud is Cloud.LOCAL:
            return FunctionLogs(self.cloud.log_files)
        from accountsctl.adapters.aws.telemetry import CloudWatch

        return CloudWatch(self.session, summary)

    @property
    def endpoints(self) -> Endpoints:
        """APIs and function URLs, by what stacks hold."""
        from accountsctl.adapters.aws.endpoints import DeployedEndpoints

        return DeployedEndpoints(self.session)

    @property
    def api_log(self) -> ApiLog:
        """Why calls of the environment's APIs failed."""
        if self.environment.cloud is Cloud.LOCAL:
            from accountsctl.adapters.api_log_files import ApiLogFiles

            return ApiLogFiles(self.cloud.log_files)
        from accountsctl.adapters.aws.execution_logs import ExecutionLogs

        return ExecutionLogs(self.session)

    @property
    def api_telemetry(self) -> ApiTelemetry:
        """How often calls of the environment's APIs fail."""
        from accountsctl.adapters.aws.api_errors import ApiMetrics

        return ApiMetrics(self.session, self.api_log)
