"""AppSync, emulated as far as Sotto uses it: GraphQL over HTTP, its real-time protocol, its authorisation."""

from local.aws.appsync.app import appsync_app
from local.aws.appsync.authorisation import Authoriser, IamCaller, OidcProvider
from local.aws.appsync.resolvers import Echo, LambdaField, LambdaSubscription
from local.aws.appsync.schema import read_api
from local.aws.appsync.sotto_api import sotto_appsync
from local.aws.appsync.tokens import LocalIssuer

__all__ = [
    "Authoriser",
    "Echo",
    "IamCaller",
    "LambdaField",
    "LambdaSubscription",
    "LocalIssuer",
    "OidcProvider",
    "appsync_app",
    "read_api",
    "sotto_appsync",
]
